import type { CommandContext } from '../context/command-context.ts'
import { describe } from '../describe.ts'

export interface GetItem {
  readonly status: 'downloaded' | 'unchanged' | 'skipped' | 'failed'
  readonly type: 'file' | 'folder'
  readonly remote: string
  /** Local path. */
  readonly path: string
  readonly size?: number
  readonly versionId?: string
  readonly reason?: string
  readonly error?: unknown
}

export interface GetTotals {
  readonly downloaded: number
  readonly unchanged: number
  readonly skipped: number
  readonly failed: number
  readonly bytes: number
}

export interface GetReport {
  add(item: GetItem): Promise<void>
  totals(): GetTotals
  readonly firstError: unknown
}

export function createGetReport({ output }: CommandContext): GetReport {
  const counts = { downloaded: 0, unchanged: 0, skipped: 0, failed: 0 }
  let bytes = 0
  let firstError: unknown
  return {
    add: async ({ error, ...item }) => {
      counts[item.status] += 1
      if (item.status === 'downloaded') bytes += item.size ?? 0
      if (item.status === 'failed') firstError ??= error
      const problem = error === undefined ? undefined : describe(error)
      await output.record({ ...item, ...(problem === undefined ? {} : { error: problem }) })
      if (problem !== undefined && !output.json) await output.warn(`cairn: ${item.remote}: ${problem.message}`)
      if (item.reason !== undefined && !output.json) await output.warn(`cairn: ${item.path}: skipped, ${item.reason}`)
    },
    totals: () => ({ ...counts, bytes }),
    get firstError() {
      return firstError
    }
  }
}
