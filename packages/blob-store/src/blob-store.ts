/**
 * Immutable objects under random names. The only place content lives.
 *
 * Keys: lower-case path segments of [a-z0-9._-], separated by "/", at most 200 characters; never
 * derived from user input. An object is written once and never overwritten.
 */
export interface BlobStore {
  /**
   * Starts writing an object. Nothing is visible under the key before commit() resolves.
   * Memory: the filesystem driver writes through; S3 holds the object (at most `maxBytes`) until commit.
   */
  create(key: string, signal?: AbortSignal): Promise<BlobWriter>
  /**
   * Reads exactly `length` bytes at `offset` into a buffer (the given one, if large enough).
   * Throws BlobError `not_found`, or `truncated` when the object is shorter than asked.
   */
  read(key: string, offset: number, length: number, options?: ReadOptions): Promise<Uint8Array>
  /** Size in bytes, or undefined when there is no such object. */
  size(key: string, signal?: AbortSignal): Promise<number | undefined>
  /** Idempotent: no error when it is gone already. Durable when resolved. */
  delete(key: string, signal?: AbortSignal): Promise<void>
  /** Objects whose key starts with `prefix`, in no particular order. May be stale: never the truth. */
  list(prefix: string, signal?: AbortSignal): AsyncIterable<BlobInfo>
  /** Rejects when the store cannot be used at all (for /readyz). */
  check(signal?: AbortSignal): Promise<void>
  /** Bytes free, when the backend knows (a disk does, S3 does not). */
  freeBytes(): Promise<number | undefined>
  [Symbol.asyncDispose](): Promise<void>
}

export interface BlobWriter {
  /** Appends parts. They may be reused by the caller once this resolves. Parts may view shared memory. */
  write(parts: readonly Uint8Array[]): Promise<void>
  /**
   * Makes the object durable (file and directory fsynced, or the store's acknowledgement) and visible.
   * Retrying the whole create/write/commit under a NEW key is always safe.
   * Throws BlobError `exists` when the key is taken: nothing was overwritten.
   */
  commit(): Promise<void>
  /** Discards what was written. Idempotent; never throws for a writer already committed. */
  abort(): Promise<void>
}

export interface ReadOptions {
  readonly into?: Uint8Array
  readonly signal?: AbortSignal
}

export interface BlobInfo {
  readonly key: string
  readonly size: number
  /** Milliseconds since the epoch, as the backend says. A label, not a safety argument. */
  readonly modifiedAt: number
}

export type BlobErrorCode = 'not_found' | 'exists' | 'truncated' | 'no_space' | 'unavailable' | 'invalid_key'

export class BlobError extends Error {
  readonly code: BlobErrorCode
  constructor(code: BlobErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'BlobError'
    this.code = code
  }
}
