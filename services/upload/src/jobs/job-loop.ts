import type { Clock, Logger, Random } from '@cairn/runtime'

export interface JobLoop {
  readonly name: string
  readonly everyMs: number
  readonly run: (signal: AbortSignal) => Promise<unknown>
}

export interface JobLoopDependencies {
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
}

/** Runs a job again and again, spread by jitter so that replicas do not meet. Ends when aborted. */
export const runJobLoop = async (
  job: JobLoop,
  { clock, random, logger }: JobLoopDependencies,
  signal: AbortSignal
): Promise<void> => {
  while (!signal.aborted) {
    try {
      await clock.sleep(job.everyMs * (0.75 + random.unit() / 2), signal)
      await job.run(signal)
    } catch (error) {
      if (signal.aborted) return
      logger.error({ err: error, job: job.name }, 'job failed')
    }
  }
}
