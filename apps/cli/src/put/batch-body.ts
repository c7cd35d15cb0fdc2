import { encodeFrames, type PlainFrame } from '@cairn/chunking'
import { compressChunk } from './compress.ts'

/** Limits of one request. */
export const MAX_OPERATIONS = 500
export const MAX_BODY_BYTES = 8 * 1024 * 1024
/** Files up to this size travel whole, as one chunk, with the operation that makes them visible. */
export const MAX_SMALL_BYTES = 256 * 1024

export type BatchOperation = MakeFolder | PutFile

interface MakeFolder {
  readonly op: 'mkdir'
  readonly opId: string
  readonly parentId: string
  readonly name: string
}

interface PutFile {
  readonly op: 'put'
  readonly opId: string
  readonly parentId: string
  readonly name: string
  /** Index of the frame with the content; absent for an empty file. */
  readonly frame?: number
  readonly mtime: number
  readonly onConflict: 'version'
}

/** The body of POST /v1/drives/:drive/batch. */
export function encodeBatch(frames: readonly PlainFrame[], ops: readonly BatchOperation[]): Uint8Array<ArrayBuffer>[] {
  const options = { compress: compressChunk, operations: { ops } }
  return encodeFrames(frames, options) as Uint8Array<ArrayBuffer>[]
}
