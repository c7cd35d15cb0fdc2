import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { calculateJwkThumbprint, exportJWK, type JWK } from 'jose'
import type { SigningKeyRow } from '../../store/signing-keys.ts'
import type { Seal } from './seal.ts'

export interface SigningKey {
  readonly kid: string
  readonly generation: number
  readonly privateKey: KeyObject
  readonly createdAt: number
  readonly signFrom: number
  /** As published: `kty`, `crv`, `x`, `kid`, `alg`, `use`. */
  readonly publicJwk: JWK
}

/** What is needed to bring a private key in and out of the database. */
export interface KeyVault {
  readonly seal: Seal
  readonly masterKeyId: string
}

const labelOf = (kid: string, masterKeyId: string): string => `cairn.auth.signing-key.1|${kid}|${masterKeyId}`

export interface KeyTimes {
  readonly generation: number
  readonly createdAt: number
  readonly signFrom: number
}

export const generateSigningKey = async (times: KeyTimes): Promise<SigningKey> => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const jwk = await exportJWK(publicKey)
  const kid = await calculateJwkThumbprint(jwk)
  return { kid, privateKey, publicJwk: { ...jwk, kid, alg: 'EdDSA', use: 'sig' }, ...times }
}

export const toRow = (key: SigningKey, { seal, masterKeyId }: KeyVault) => ({
  kid: key.kid,
  generation: key.generation,
  public_jwk: JSON.stringify(key.publicJwk),
  sealed_private: seal.seal(key.privateKey.export({ type: 'pkcs8', format: 'der' }), labelOf(key.kid, masterKeyId)),
  master_key_id: masterKeyId,
  created_at: new Date(key.createdAt),
  sign_from: new Date(key.signFrom),
  publish_until: null
})

/** Throws when the row was sealed under another master key. */
export const fromRow = (row: SigningKeyRow, { seal }: KeyVault): SigningKey => ({
  kid: row.kid,
  generation: row.generation,
  privateKey: createPrivateKey({
    key: Buffer.from(seal.open(row.sealed_private, labelOf(row.kid, row.master_key_id))),
    type: 'pkcs8',
    format: 'der'
  }),
  createdAt: row.created_at.getTime(),
  signFrom: row.sign_from.getTime(),
  publicJwk: row.public_jwk
})
