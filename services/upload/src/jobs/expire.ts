import type { UploadContext } from '../context.ts'
import { cancelUpload } from '../domain/cancel.ts'
import { findExpired } from '../store/due.ts'

const BATCH = 100

/** Ends sessions past their lease, each under its own lock and judged again there. Returns how many. */
export const expireSessions = async (context: UploadContext, signal: AbortSignal): Promise<number> => {
  let ended = 0
  for (const key of await findExpired(context.database.query, BATCH)) {
    if (signal.aborted) break
    const lock = await context.locks.tryAcquire(key)
    if (lock === undefined) continue
    try {
      if (!lock.session.expired) continue
      await cancelUpload(context, lock, lock.session)
      context.events.expired()
      ended += 1
    } catch (error) {
      context.logger.warn({ err: error, uploadId: key.uploadId }, 'an expired upload could not be removed yet')
    } finally {
      await lock.release()
    }
  }
  return ended
}
