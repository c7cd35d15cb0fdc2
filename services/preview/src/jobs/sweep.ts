import type { PreviewContext } from '../context.ts'
import { OBJECTS } from '../domain/keep.ts'
import { forgetUnseen, namedObjects } from '../store/renditions.ts'

const DAY_MS = 24 * 3600 * 1000
const UNSEEN_DAYS = 90
const BATCH = 500

/** Once a day: what nobody looked at for long, and objects that no row names. Until told to stop. */
export const sweepDaily = async (context: PreviewContext, signal: AbortSignal): Promise<void> => {
  while (!signal.aborted) {
    try {
      await context.clock.sleep(DAY_MS * (0.75 + context.random.unit() / 2), signal)
      await sweep(context, signal)
    } catch (error) {
      if (signal.aborted) return
      context.logger.error({ err: error }, 'thumbnails could not be swept; it will be tried again')
    }
  }
}

export const sweep = async (context: PreviewContext, signal: AbortSignal): Promise<void> => {
  for (;;) {
    signal.throwIfAborted()
    const unseen = await forgetUnseen(context.database.query, { days: UNSEEN_DAYS, limit: BATCH })
    for (const objectKey of unseen) await context.blobs.delete(objectKey, signal)
    if (unseen.length < BATCH) break
  }
  const before = context.clock.now() - DAY_MS
  let batch: string[] = []
  for await (const { key, modifiedAt } of context.blobs.list(OBJECTS, signal)) {
    if (modifiedAt < before) batch.push(key)
    if (batch.length < BATCH) continue
    await deleteUnnamed(context, batch)
    batch = []
  }
  await deleteUnnamed(context, batch)
}

/** A row is written after its object and never comes back to an old one: what has none after a day gets none. */
const deleteUnnamed = async (context: PreviewContext, objectKeys: readonly string[]): Promise<void> => {
  const named = await namedObjects(context.database.query, objectKeys)
  for (const objectKey of objectKeys) if (!named.has(objectKey)) await context.blobs.delete(objectKey)
}
