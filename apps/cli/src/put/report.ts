import type { CommandContext } from '../context/command-context.ts'
import { describe } from '../describe.ts'

/** What became of one local file or folder. */
export type PutStatus = 'uploaded' | 'updated' | 'unchanged' | 'created' | 'skipped' | 'failed'

export interface PutItem {
  readonly status: PutStatus
  readonly type: 'file' | 'folder' | 'other'
  /** Local path as given. */
  readonly path: string
  readonly remote: string
  readonly size?: number
  readonly nodeId?: string
  readonly versionId?: string
  /** Why skipped. */
  readonly reason?: string
  /** Why failed. */
  readonly error?: unknown
}

export interface PutTotals {
  readonly uploaded: number
  readonly unchanged: number
  readonly folders: number
  readonly skipped: number
  readonly failed: number
  /** Bytes of the uploaded files. */
  readonly bytes: number
  /** Bytes of chunks that had to travel, before compression. */
  readonly sentBytes: number
}

/** Collects outcomes, prints them as they come. */
export interface PutReport {
  add(item: PutItem): Promise<void>
  sent(bytes: number): void
  totals(): PutTotals
  /** The first failure: it decides about the exit status when nothing succeeded. */
  readonly firstError: unknown
}

export function createPutReport({ output }: CommandContext): PutReport {
  const counts = { uploaded: 0, updated: 0, unchanged: 0, created: 0, skipped: 0, failed: 0 }
  let bytes = 0
  let sentBytes = 0
  let firstError: unknown

  return {
    add: async ({ error, ...item }) => {
      counts[item.status] += 1
      if (item.status === 'uploaded' || item.status === 'updated') bytes += item.size ?? 0
      if (item.status === 'failed') firstError ??= error
      const problem = error === undefined ? undefined : describe(error)
      await output.record({ ...item, ...(problem === undefined ? {} : { error: problem }) })
      if (problem !== undefined && !output.json) await output.warn(`cairn: ${item.path}: ${problem.message}`)
      if (item.reason !== undefined && !output.json) await output.warn(`cairn: ${item.path}: skipped, ${item.reason}`)
    },
    sent: (count) => {
      sentBytes += count
    },
    totals: () => ({
      uploaded: counts.uploaded + counts.updated,
      unchanged: counts.unchanged,
      folders: counts.created,
      skipped: counts.skipped,
      failed: counts.failed,
      bytes,
      sentBytes
    }),
    get firstError() {
      return firstError
    }
  }
}
