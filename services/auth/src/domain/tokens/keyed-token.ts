import { decodeToken, encodeToken, type TokenPrefix } from './opaque-token.ts'
import { bytesToUuid, UUID_BYTES, uuidToBytes } from './uuid-bytes.ts'

export const SECRET_BYTES = 32

/** A token that names its row and proves the right to it. */
export interface KeyedToken {
  readonly ids: readonly string[]
  readonly secret: Uint8Array
}

export const formatKeyedToken = (prefix: TokenPrefix, { ids, secret }: KeyedToken): string =>
  encodeToken(prefix, [...ids.map(uuidToBytes), secret])

export const parseKeyedToken = (prefix: TokenPrefix, idCount: number, text: string): KeyedToken | undefined => {
  const bytes = decodeToken(prefix, text, idCount * UUID_BYTES + SECRET_BYTES)
  if (bytes === undefined) return undefined
  const ids = Array.from({ length: idCount }, (_, n) =>
    bytesToUuid(bytes.subarray(n * UUID_BYTES, (n + 1) * UUID_BYTES))
  )
  return { ids, secret: bytes.subarray(idCount * UUID_BYTES) }
}
