import { createHmac } from 'node:crypto'
import { decodeToken, encodeToken } from './opaque-token.ts'
import { bytesToUuid, uuidToBytes } from './uuid-bytes.ts'

const PREFIX = 'crt_'
const LENGTH = 16 + 16 + 4 + 32
const LABEL = 'cairn.refresh.1'

export interface RefreshToken {
  readonly userId: string
  readonly sessionId: string
  readonly generation: number
  readonly secret: Uint8Array
}

export interface RefreshFamily {
  readonly userId: string
  readonly sessionId: string
  /** 32 random bytes of the session. */
  readonly seed: Uint8Array
}

/** The secret of one generation. Any that ever was can be computed again, but not without the key. */
export const refreshSecret = (key: Uint8Array, family: RefreshFamily, generation: number): Uint8Array =>
  createHmac('sha256', key)
    .update(LABEL)
    .update(uuidToBytes(family.userId))
    .update(uuidToBytes(family.sessionId))
    .update(uint32(generation))
    .update(family.seed)
    .digest()

export const formatRefreshToken = (token: RefreshToken): string =>
  encodeToken(PREFIX, [uuidToBytes(token.userId), uuidToBytes(token.sessionId), uint32(token.generation), token.secret])

export const parseRefreshToken = (text: string): RefreshToken | undefined => {
  const bytes = decodeToken(PREFIX, text, LENGTH)
  if (bytes === undefined) return undefined
  return {
    userId: bytesToUuid(bytes.subarray(0, 16)),
    sessionId: bytesToUuid(bytes.subarray(16, 32)),
    generation: bytes.readUInt32BE(32),
    secret: bytes.subarray(36)
  }
}

const uint32 = (value: number): Uint8Array => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
