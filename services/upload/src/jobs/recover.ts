import type { UploadContext } from '../context.ts'
import { settleUpload } from '../domain/settle.ts'
import { findUnsettled } from '../store/due.ts'

const BATCH = 50

/** Finishes what a crash left between "all bytes are here" and "committed". Returns how many it settled. */
export const recoverSessions = async (
  context: UploadContext,
  options: { quietSeconds: number; signal: AbortSignal }
): Promise<number> => {
  let settled = 0
  for (const key of await findUnsettled(context.database.query, options.quietSeconds, BATCH)) {
    if (options.signal.aborted) break
    const lock = await context.locks.tryAcquire(key)
    if (lock === undefined) continue
    try {
      await settleUpload(context, lock, lock.session)
      context.events.recovered()
      settled += 1
    } catch (error) {
      context.logger.warn({ err: error, uploadId: key.uploadId }, 'an interrupted upload could not be settled')
    } finally {
      await lock.release()
    }
  }
  return settled
}
