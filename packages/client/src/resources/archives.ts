import type { CallOptions } from '../models.ts'
import { path } from '../transport/request.ts'
import type { Transport } from '../transport/transport.ts'

export interface ArchivesResource {
  /** Prepares a ZIP of these nodes, or of the whole drive. */
  prepare(drive: string, selection?: ArchiveSelection, options?: CallOptions): Promise<Archive>
}

export interface ArchiveSelection {
  /** At most 1000; default everything. */
  readonly nodeIds?: readonly string[]
  /** Name of the file to be saved. */
  readonly name?: string
}

export interface Archive {
  readonly id: string
  /** Path from the server's origin, to be navigated to; ranges are served, for a day. */
  readonly url: string
  readonly name: string
  readonly files: number
  readonly folders: number
  /** Bytes of all files. */
  readonly contentBytes: number
  /** Bytes of the archive, exactly. */
  readonly size: number
  readonly expiresAt: string
}

export const archivesResource = (transport: Transport): ArchivesResource => ({
  prepare: (drive, selection = {}, { signal } = {}) =>
    transport.json({
      method: 'POST',
      path: path`/v1/drives/${drive}/archives`,
      json: selection,
      timeoutMs: LISTING_MS,
      signal
    })
})

/** Everything below the selection is listed before the answer. */
const LISTING_MS = 5 * 60_000
