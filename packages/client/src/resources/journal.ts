import { ApiError } from '../errors.ts'
import type { CallOptions, NodeKind } from '../models.ts'
import { path } from '../transport/request.ts'
import type { Transport } from '../transport/transport.ts'

export interface JournalResource {
  /**
   * What has changed in a drive since a cursor (of the drive, or of the page before), in order and
   * without gaps. Rejects with `conflict` when the cursor is of no use any more, see isJournalReset.
   */
  read(drive: string, cursor: string, options?: JournalOptions): Promise<JournalPage>
}

export interface JournalOptions extends CallOptions {
  readonly limit?: number
}

export interface JournalPage {
  readonly entries: readonly JournalEntry[]
  /** Continue from here, now or later. */
  readonly cursor: string
  readonly more: boolean
}

/** A node's state after a change. Applying one twice, or after a newer one, changes nothing. */
export interface JournalEntry {
  readonly seq: number
  readonly op: string
  readonly nodeId: string
  readonly parentId: string | null
  readonly name: string
  readonly kind: NodeKind
  readonly state: 'live' | 'trashed' | 'purged'
  readonly versionId: string | null
  readonly size: number
  readonly mtime: string
  readonly contentRev: number
  readonly metaRev: number
  readonly actorId: string
  readonly deviceId: string
  readonly opId: string
  readonly at: string
}

export const journalResource = (transport: Transport): JournalResource => ({
  read: (drive, cursor, { signal, limit } = {}) =>
    transport.json({ method: 'GET', path: path`/v1/drives/${drive}/journal`, query: { cursor, limit }, signal })
})

/** Whether the drive must be listed anew and merged by node id. */
export const isJournalReset = (error: unknown): boolean =>
  error instanceof ApiError && error.code === 'conflict' && error.extras['reset'] === true
