import { createHmac } from 'node:crypto'
import { sameBytes } from '../tokens/secret-hash.ts'

/**
 * What whoever holds the master key may say: "the reset token `tokenId` has this hash". It names no secret, so that
 * neither a copy of the request nor a false server gains anything by it.
 */
export interface OperatorClaim {
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly tokenId: string
  /** SHA-256 of the token's secret, which never leaves the operator's terminal. */
  readonly secretHash: Uint8Array
  /** Empty: the only administrator. */
  readonly username: string
}

/** @param key 32 bytes, of the master key for "auth.operator" */
export const operatorProof = (key: Uint8Array, { at, tokenId, secretHash, username }: OperatorClaim): Uint8Array =>
  createHmac('sha256', key)
    .update(`cairn.operator.reset.1\n${at}\n${tokenId}\n${Buffer.from(secretHash).toString('hex')}\n${username}`)
    .digest()

export const isProven = (key: Uint8Array, claim: OperatorClaim, proof: Uint8Array): boolean =>
  sameBytes(operatorProof(key, claim), proof)
