import type { AuthContext } from '../context.ts'
import { takeLease } from '../store/leases.ts'

export interface Job {
  readonly name: string
  readonly periodMs: number
  readonly run: (context: AuthContext) => Promise<void>
}

/** Runs a job again and again until the signal aborts; of several replicas one at a time. Failures are logged. */
export const repeat = async (context: AuthContext, job: Job, signal: AbortSignal): Promise<void> => {
  const holder = context.random.uuid()
  while (!signal.aborted) {
    try {
      if (await lease(context, job, holder)) await job.run(context)
    } catch (error) {
      context.logger.warn({ err: error, job: job.name }, 'job failed; it runs again')
    }
    await pause(context, job.periodMs, signal)
  }
}

const lease = (context: AuthContext, { name, periodMs }: Job, holder: string): Promise<boolean> =>
  context.database.transaction((tx) => takeLease(tx, { name, holder, lifeMs: periodMs * 2 }))

const pause = async (context: AuthContext, periodMs: number, signal: AbortSignal): Promise<void> => {
  try {
    await context.clock.sleep(periodMs * (0.9 + 0.2 * context.random.unit()), signal)
  } catch (error) {
    if (!signal.aborted) throw error
  }
}
