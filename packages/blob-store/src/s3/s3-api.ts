import type { Readable } from 'node:stream'

/** One HTTP request each, no retry. Keys are full object names. Errors are the SDK's. */
export interface S3Api {
  headBucket(signal: AbortSignal): Promise<void>
  /** Undefined when the server answers 404. */
  head(key: string, signal: AbortSignal): Promise<ObjectHead | undefined>
  get(range: ObjectRange, signal: AbortSignal): Promise<ObjectBody>
  put(object: NewObject, signal: AbortSignal): Promise<void>
  remove(key: string, signal: AbortSignal): Promise<void>
  list(page: PageRequest, signal: AbortSignal): Promise<Page>
  /** Returns the upload's id. */
  startParts(object: Pick<NewObject, 'key' | 'writer'>, signal: AbortSignal): Promise<string>
  /** Returns the part's ETag. */
  putPart(part: NewPart, signal: AbortSignal): Promise<string>
  finishParts(upload: PartsUpload, signal: AbortSignal): Promise<void>
  dropParts(upload: Omit<PartsUpload, 'etags'>, signal: AbortSignal): Promise<void>
  /** Closes all connections. */
  close(): void
}

export interface ObjectHead {
  readonly size: number
  /** Token of the writer that made the object, if it was one of ours. */
  readonly writer: string | undefined
}

export interface ObjectRange {
  readonly key: string
  readonly offset: number
  /** At least 1. */
  readonly length: number
}

export interface ObjectBody {
  /** Bytes announced for this answer. */
  readonly length: number | undefined
  /** As sent, e.g. "bytes 0-9/100"; undefined when the server ignored the range. */
  readonly contentRange: string | undefined
  readonly stream: Readable
}

interface NewObject {
  readonly key: string
  readonly bytes: Uint8Array
  readonly writer: string
  /** Ask the server to refuse (412) when there is such an object. */
  readonly onlyIfAbsent: boolean
}

interface NewPart {
  readonly key: string
  readonly uploadId: string
  /** From 1. */
  readonly number: number
  readonly bytes: Uint8Array
}

interface PartsUpload {
  readonly key: string
  readonly uploadId: string
  /** In order of the parts. */
  readonly etags: readonly string[]
}

interface PageRequest {
  readonly prefix: string
  readonly after: string | undefined
}

interface Page {
  readonly objects: readonly { readonly key: string; readonly size: number; readonly modifiedAt: number }[]
  /** Where the next page goes on; undefined at the end. */
  readonly next: string | undefined
}
