import { createHash, timingSafeEqual } from 'node:crypto'

/** How random secrets are stored. Only for secrets of at least 128 bits: it is fast. */
export const hashSecret = (secret: Uint8Array): Uint8Array => createHash('sha256').update(secret).digest()

/** In constant time for values of equal length. */
export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && timingSafeEqual(a, b)
