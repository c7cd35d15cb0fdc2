import type { AuthContext } from '../context.ts'
import { type Lease, releaseLease, takeLease } from '../store/leases.ts'

export interface Job {
  readonly name: string
  readonly periodMs: number
  readonly run: (context: AuthContext) => Promise<void>
}

/** Runs a job again and again until the signal aborts; of several replicas one at a time. Failures are logged. */
export const repeat = async (context: AuthContext, job: Job, signal: AbortSignal): Promise<void> => {
  const lease = { name: job.name, holder: context.random.uuid(), lifeMs: job.periodMs * 2 }
  while (!signal.aborted) {
    try {
      if (await context.database.transaction((tx) => takeLease(tx, lease))) await job.run(context)
    } catch (error) {
      context.logger.warn({ err: error, job: job.name }, 'job failed; it runs again')
    }
    await pause(context, job.periodMs, signal)
  }
  await release(context, lease)
}

const release = async (context: AuthContext, lease: Lease): Promise<void> => {
  try {
    await context.database.transaction((tx) => releaseLease(tx, lease))
  } catch (error) {
    context.logger.debug({ err: error, job: lease.name }, 'lease runs out by itself')
  }
}

const pause = async (context: AuthContext, periodMs: number, signal: AbortSignal): Promise<void> => {
  try {
    await context.clock.sleep(periodMs * (0.9 + 0.2 * context.random.unit()), signal)
  } catch (error) {
    if (!signal.aborted) throw error
  }
}
