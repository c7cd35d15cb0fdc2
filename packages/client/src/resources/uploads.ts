import type { CallOptions, CommittedNode, OnConflict } from '../models.ts'
import { path } from '../transport/request.ts'
import type { Transport } from '../transport/transport.ts'

/** The protocol for clients that chunk themselves: open, have, frames, commit; or one batch. */
export interface UploadsResource {
  /** Opens an upload, or finds the one with that client key. */
  open(drive: string, upload: { clientKey: string }, options?: CallOptions): Promise<ChunkedUpload>
  /** Positions of those wire ids (hex or bytes, at most 1000) whose frames must be sent; the others are kept for this upload. */
  have(upload: UploadRef, wireIds: readonly string[], options?: CallOptions): Promise<readonly number[]>
  /** A frame stream of at most 16 MiB, see encodeFrames of @cairn/chunking. Repeatable. */
  putFrames(upload: UploadRef, frames: readonly Uint8Array<ArrayBuffer>[], options?: SendOptions): Promise<void>
  /** Makes files visible. Repeatable: each operation carries its id. */
  commit(upload: UploadRef, commit: UploadCommit, options?: CallOptions): Promise<readonly OperationResult[]>
  /** A frame stream with operations, at most 16 MiB and 500 operations. Repeatable: each operation carries its id. */
  batch(
    drive: string,
    body: readonly Uint8Array<ArrayBuffer>[],
    options?: SendOptions
  ): Promise<readonly OperationResult[]>
  /** Closes the upload. Committed files stay; chunks that no file uses are forgotten. */
  abort(upload: UploadRef, options?: CallOptions): Promise<void>
  /** The caller's unfinished uploads from whichever device, newest first. */
  list(options?: CallOptions): Promise<readonly UploadStatus[]>
  /** How far an upload is; disturbs nobody who is sending. */
  status(id: string, options?: CallOptions): Promise<UploadStatus>
}

export interface UploadStatus {
  readonly id: string
  readonly kind: 'stream' | 'partial' | 'final' | 'chunked'
  readonly state: 'open' | 'assembling' | 'finishing' | 'refused' | 'done'
  readonly driveId: string
  readonly parentId: string | null
  readonly name: string
  /** Bytes; null while unknown. */
  readonly length: number | null
  /** Bytes that are durable. */
  readonly offset: number
  readonly received: number
  readonly createdAt: string
  readonly activeAt: string
  readonly expiresAt: string
  /** Code of the last refusal. */
  readonly error: string | null
  readonly nodeId: string | null
  readonly versionId: string | null
}

export interface UploadRef {
  readonly drive: string
  readonly uploadId: string
}

export interface ChunkedUpload {
  readonly uploadId: string
  /** Chunking profile id. */
  readonly profile: number
  /** 32 bytes, base64url. */
  readonly chunkingKey: string
  readonly leaseUntil: string
}

export interface UploadCommit {
  readonly files: readonly CommitFile[]
  readonly folders?: readonly CommitFolder[]
}

export interface CommitFolder {
  readonly opId: string
  readonly parentId?: string
  readonly name: string
}

export interface CommitFile {
  readonly opId: string
  readonly parentId?: string
  readonly name?: string
  readonly nodeId?: string
  readonly chunks: readonly { readonly wireId: string; readonly length: number }[]
  /** ISO 8601, or milliseconds since the epoch. */
  readonly mtime?: string | number
  readonly onConflict?: OnConflict
  readonly baseRev?: number
}

export interface OperationResult {
  readonly opId: string
  /** Also of a refused operation, where the server knows it: as it stands. */
  readonly node?: CommittedNode
  readonly error?: { readonly code: string; readonly detail: string }
}

export interface SendOptions extends CallOptions {
  readonly timeoutMs?: number
}

const FRAMES = 'application/vnd.cairn.frames'
// Packs and transactions of a busy server.
const SEND_TIMEOUT_MS = 120_000
const COMMIT_TIMEOUT_MS = 600_000

export const uploadsResource = (transport: Transport): UploadsResource => ({
  open: (drive, upload, { signal } = {}) =>
    transport.json({ method: 'POST', path: path`/v1/drives/${drive}/uploads`, json: upload, idempotent: true, signal }),
  have: async ({ drive, uploadId }, wireIds, { signal } = {}) => {
    const reply = await transport.json<{ need: readonly number[] }>({
      method: 'POST',
      path: path`/v1/drives/${drive}/uploads/${uploadId}/have`,
      json: { wireIds },
      idempotent: true,
      signal
    })
    return reply.need
  },
  putFrames: ({ drive, uploadId }, frames, { signal, timeoutMs } = {}) =>
    transport.none({
      method: 'PUT',
      path: path`/v1/drives/${drive}/uploads/${uploadId}/frames`,
      headers: { 'content-type': FRAMES },
      body: frames,
      timeoutMs: timeoutMs ?? SEND_TIMEOUT_MS,
      signal
    }),
  commit: async ({ drive, uploadId }, commit, { signal } = {}) => {
    const reply = await transport.json<{ results: readonly OperationResult[] }>({
      method: 'POST',
      path: path`/v1/drives/${drive}/uploads/${uploadId}/commit`,
      json: commit,
      idempotent: true,
      timeoutMs: COMMIT_TIMEOUT_MS,
      signal
    })
    return reply.results
  },
  batch: async (drive, body, { signal, timeoutMs } = {}) => {
    const reply = await transport.json<{ results: readonly OperationResult[] }>({
      method: 'POST',
      path: path`/v1/drives/${drive}/batch`,
      headers: { 'content-type': FRAMES },
      body,
      idempotent: true,
      timeoutMs: timeoutMs ?? SEND_TIMEOUT_MS,
      signal
    })
    return reply.results
  },
  abort: ({ drive, uploadId }, { signal } = {}) =>
    transport.none({ method: 'DELETE', path: path`/v1/drives/${drive}/uploads/${uploadId}`, signal }),
  list: async ({ signal } = {}) =>
    (await transport.json<{ items: readonly UploadStatus[] }>({ method: 'GET', path: '/v1/uploads', signal })).items,
  status: (id, { signal } = {}) => transport.json({ method: 'GET', path: path`/v1/uploads/${id}/status`, signal })
})
