/**
 * The streaming half of the storage contract: bytes in, bytes out. Bound to the local object when
 * storage runs in this process, to HTTP streaming otherwise. Buffers of a body belong to storage once they are
 * yielded: their memory is released when they have been copied.
 */
export interface StorageData {
  /**
   * Appends to an upload's sequential stream, starting at `offset` (must equal the durable offset,
   * else `offset_mismatch`). Resolves once everything received is durable, with the new durable
   * offset; also when `body` fails midway or `signal` aborts: what arrived is kept and counted, and
   * the body's error is reported in `interrupted`. Rejects when the bytes could not be kept
   * (`disk_full`, `unavailable`, `upload_expired`); the durable offset is then what GetUpload says.
   * One writer per upload at a time: a second rejects with `locked`.
   */
  append(target: AppendTarget, body: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<AppendResult>

  /**
   * Stores a whole body as one sealed content under `referenceId`, all or nothing. Fast path for
   * small bodies (shared packs, one transaction). Not resumable; a failed body leaves nothing.
   */
  put(target: PutTarget, body: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<StoredContent>

  /**
   * Verifies and stores framed chunks (see packages/chunking frames) and pins them to the upload.
   * All frames of one call become one pack. Idempotent.
   */
  putFrames(target: UploadTarget, frames: readonly ChunkFrame[], signal: AbortSignal): Promise<void>

  /**
   * Several small contents stored together: each a reference, one pack, one transaction.
   * Idempotent by referenceId.
   */
  putMany(vaultId: string, contents: readonly SmallContent[], signal: AbortSignal): Promise<StoredContent[]>

  /**
   * Bytes [start, end) of a manifest. Every chunk is verified before any byte of it is yielded;
   * a damaged or missing chunk throws `content_damaged`. A yielded buffer is valid only until the
   * next one is asked for.
   */
  read(source: ReadSource, signal: AbortSignal): AsyncIterable<Uint8Array>
}

export interface UploadTarget {
  readonly vaultId: string
  readonly uploadId: string
}

export interface AppendTarget extends UploadTarget {
  readonly offset: number
  /** Refuse (payload_too_large) and keep nothing past this absolute stream length. */
  readonly limit: number
  /** Called as bytes become durable, with the absolute offset. */
  readonly onDurable?: (offset: number) => void
}

export interface AppendResult {
  readonly durableOffset: number
  readonly interrupted?: Error
}

export interface PutTarget {
  readonly vaultId: string
  readonly referenceId: string
  /** Declared length, if known; another length rejects with invalid_request. */
  readonly length: number | undefined
  /** Reject with payload_too_large / quota_exceeded beyond this many bytes. */
  readonly limit: number
}

export interface SmallContent {
  readonly referenceId: string
  readonly bytes: Uint8Array
}

export interface StoredContent {
  readonly referenceId: string
  readonly manifestId: Uint8Array
  readonly size: number
}

export interface ChunkFrame {
  readonly wireId: Uint8Array
  /** Plain bytes; the decoder has already expanded compressed frames within their declared length. */
  readonly bytes: Uint8Array
}

export interface ReadSource {
  readonly vaultId: string
  readonly manifestId: Uint8Array
  readonly start: number
  readonly end: number
}
