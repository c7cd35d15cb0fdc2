import type { AuthContext } from '../context.ts'
import { ENDED_ROWS_KEPT } from '../lifetimes.ts'
import { deleteExpired } from '../store/expired.ts'
import { type Job, repeat } from './periodic.ts'

const MINUTE = 60_000

const deleteExpiredRows: Job = {
  name: 'auth.delete-expired',
  periodMs: 60 * MINUTE,
  run: async (context) => {
    const now = context.clock.now()
    const expiry = { now: new Date(now), before: new Date(now - ENDED_ROWS_KEPT) }
    const deleted = await context.database.transaction((tx) => deleteExpired(tx, expiry))
    if (deleted > 0) context.logger.info({ deleted }, 'expired rows deleted')
  }
}

const rotateSigningKeys: Job = {
  name: 'auth.rotate-signing-keys',
  periodMs: 60 * MINUTE,
  run: async (context) => {
    if ((await context.keys.age()) < context.config.signingKeyLife) return
    const kid = await context.database.transaction((tx) => context.keys.rotate(tx, false))
    context.keys.forget()
    await context.events.signingKeysChanged()
    context.logger.info({ kid }, 'signing key rotated')
  }
}

/** Each commit publishes its own events at once; this is for those that failed. */
const publishEvents: Job = {
  name: 'auth.publish-events',
  periodMs: 10_000,
  run: (context) => context.outbox.run()
}

export const jobs: readonly Job[] = [deleteExpiredRows, rotateSigningKeys, publishEvents]

/** Resolves when the signal has aborted and what was running is done. */
export const runJobs = async (context: AuthContext, signal: AbortSignal): Promise<void> => {
  await Promise.all(jobs.map((job) => repeat(context, job, signal)))
}
