import { BlobError } from './blob-store.ts'

const MAX_KEY_LENGTH = 200
const KEY = /^[a-z0-9_-][a-z0-9._-]*(?:\/[a-z0-9_-][a-z0-9._-]*)*$/
const PREFIX = /^(?:[a-z0-9_-][a-z0-9._-]*\/)*(?:[a-z0-9_-][a-z0-9._-]*)?$/

/** Segments must not start with a dot: that rules out "." and ".." and keeps such names for the drivers. */
export const isValidKey = (key: string): boolean => key.length <= MAX_KEY_LENGTH && KEY.test(key)

/** Throws BlobError `invalid_key`. */
export const assertValidKey = (key: string): void => {
  if (!isValidKey(key)) throw new BlobError('invalid_key', `not a valid blob key: ${quote(key)}`)
}

/** A prefix is the beginning of some valid key; empty means everything. Throws BlobError `invalid_key`. */
export const assertValidPrefix = (prefix: string): void => {
  if (prefix.length > MAX_KEY_LENGTH || !PREFIX.test(prefix)) {
    throw new BlobError('invalid_key', `not a valid blob key prefix: ${quote(prefix)}`)
  }
}

const QUOTED_LENGTH = 60

const quote = (text: string): string => JSON.stringify(text.slice(0, QUOTED_LENGTH))
