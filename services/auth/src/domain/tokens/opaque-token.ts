/** Prefix of a token: says what it is good for, so that one purpose never passes as another. */
export type TokenPrefix = 'crt_' | 'cri_' | 'crs_'

const LETTERS = /^[A-Za-z0-9_-]*$/

export const encodeToken = (prefix: TokenPrefix, parts: readonly Uint8Array[]): string =>
  `${prefix}${Buffer.concat(parts).toString('base64url')}`

/**
 * The bytes of a token of exactly `length` bytes; undefined for anything else. Only the one spelling that
 * encodeToken gives is accepted: base64 would otherwise decode several texts to the same bytes.
 */
export const decodeToken = (prefix: TokenPrefix, text: string, length: number): Buffer | undefined => {
  if (text.length > 256 || !text.startsWith(prefix)) return undefined
  const body = text.slice(prefix.length)
  if (!LETTERS.test(body)) return undefined
  const bytes = Buffer.from(body, 'base64url')
  return bytes.length === length && bytes.toString('base64url') === body ? bytes : undefined
}
