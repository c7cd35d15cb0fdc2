import type { OutboxRow } from './outbox-store.ts'

export interface BatchResult {
  readonly published: readonly OutboxRow[]
  /** Keys whose messages the bus refuses while it takes others. */
  readonly refusedKeys: readonly string[]
}

/** So many keys failing one after the other, with no success, is a bus that is down. */
const FAILURES_MEANING_DOWN = 3

/**
 * Publishes rows at once; when that fails, key by key, so that one message the bus cannot take holds up
 * its own key only. Rejects when nothing could be published.
 */
export const publishBatch = async (
  rows: readonly OutboxRow[],
  publish: (messages: readonly OutboxRow[]) => Promise<void>
): Promise<BatchResult> => {
  const groups = Map.groupBy(rows, (row) => row.key)
  try {
    await publish(rows)
    return { published: rows, refusedKeys: [] }
  } catch (error) {
    if (groups.size === 1) throw error
  }

  const published: OutboxRow[] = []
  const refusedKeys: string[] = []
  for (const [key, group] of groups) {
    try {
      await publish(group)
      published.push(...group)
    } catch (error) {
      refusedKeys.push(key)
      if (
        published.length === 0 &&
        (refusedKeys.length === FAILURES_MEANING_DOWN || refusedKeys.length === groups.size)
      ) {
        throw error
      }
    }
  }
  return { published, refusedKeys }
}
