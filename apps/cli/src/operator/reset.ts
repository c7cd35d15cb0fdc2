import { createHash, createHmac, randomBytes, randomUUID } from 'node:crypto'
import type { CairnClient } from '@cairn/client'

export interface OperatorReset {
  readonly username: string
  readonly token: string
  readonly url: string
  readonly expiresAt: string
}

export interface OperatorWish {
  readonly key: Uint8Array
  /** The only administrator when absent. */
  readonly username: string | undefined
  readonly now: number
}

/** The secret is made here and stays here: the server learns its hash, proven by the master key. See docs/auth.md. */
export async function issueOperatorReset(
  client: CairnClient,
  { key, username, now }: OperatorWish,
  signal: AbortSignal
): Promise<OperatorReset> {
  const secret = randomBytes(32)
  const tokenId = randomUUID()
  const secretHash = createHash('sha256').update(secret).digest('hex')
  const at = Math.floor(now)
  const proof = createHmac('sha256', key)
    .update(`cairn.operator.reset.1\n${at}\n${tokenId}\n${secretHash}\n${username ?? ''}`)
    .digest('hex')
  const json = { at, tokenId, secretHash, proof, ...(username === undefined ? {} : { username }) }
  const issued = await client.transport.json<{ userId: string; username: string; origin: string; expiresAt: string }>({
    method: 'POST',
    path: '/v1/auth/operator/password-reset',
    json,
    signal
  })
  const token = `crs_${Buffer.concat([idBytes(issued.userId), idBytes(tokenId), secret]).toString('base64url')}`
  return {
    username: issued.username,
    token,
    url: `${issued.origin}/reset-password#token=${token}`,
    expiresAt: issued.expiresAt
  }
}

const idBytes = (uuid: string): Buffer => Buffer.from(uuid.replaceAll('-', ''), 'hex')
