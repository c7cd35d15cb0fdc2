import type { ArchiveContext } from '../context.ts'
import { deleteOldChecksums } from '../store/checksums.ts'
import { deleteExpired } from '../store/tickets.ts'

const EVERY_MS = 15 * 60_000
const CHECKSUM_DAYS = 30

/** Drops tickets past their day and CRCs that nobody extended for long, until told to stop. */
export const forget = async (context: ArchiveContext, signal: AbortSignal): Promise<void> => {
  while (!signal.aborted) {
    try {
      await context.clock.sleep(EVERY_MS * (0.75 + context.random.unit() / 2), signal)
      await deleteExpired(context.database.query)
      await deleteOldChecksums(context.database.query, CHECKSUM_DAYS)
    } catch (error) {
      if (signal.aborted) return
      context.logger.error({ err: error }, 'expired archives could not be dropped; it will be tried again')
    }
  }
}
