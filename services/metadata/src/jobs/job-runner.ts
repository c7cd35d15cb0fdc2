import { createWakeup, type Wakeup } from '@cairn/database'
import type { Clock } from '@cairn/runtime'
import type { MetadataContext } from '../context.ts'
import { expireTrash } from './expire-trash.ts'
import { expireVersions } from './expire-versions.ts'
import { forgetResults } from './forget-results.ts'
import { takeLease } from './lease.ts'
import { purgeAll } from './purge.ts'

type Job = (context: MetadataContext, signal: AbortSignal) => Promise<void>

/** Runs the timed jobs, and the purge whenever it is kicked. */
export interface JobRunner {
  start(context: MetadataContext): void
  kickPurge(): void
  /** Finishes the batch under way. */
  stop(): Promise<void>
}

export const createJobRunner = (clock: Clock): JobRunner => {
  const stopping = new AbortController()
  const purgeWanted = createWakeup(clock)
  let running: Promise<unknown> | undefined
  return {
    start: (context) => {
      const { signal } = stopping
      running ??= Promise.all([
        loop(context, { name: 'purge', job: purgeAll, wakeup: purgeWanted, signal }),
        loop(context, { name: 'timed', job: runTimedJobs(context), wakeup: createWakeup(clock), signal })
      ])
    },
    kickPurge: () => purgeWanted.notify(),
    stop: async () => {
      stopping.abort()
      await running
    }
  }
}

interface Loop {
  readonly name: string
  readonly job: Job
  readonly wakeup: Wakeup
  readonly signal: AbortSignal
}

const loop = async (context: MetadataContext, { name, job, wakeup, signal }: Loop): Promise<void> => {
  while (!signal.aborted) {
    try {
      await job(context, signal)
    } catch (error) {
      // The next run goes on: every job leaves a state it can be continued from.
      if (!signal.aborted) context.logger.warn({ err: error, job: name }, 'a job failed')
    }
    await wakeup.wait(context.config.jobInterval, signal)
  }
}

const TIMED_JOBS: readonly Job[] = [expireTrash, expireVersions, forgetResults]

const runTimedJobs = (context: MetadataContext): Job => {
  const holder = context.random.uuid()
  return async (_, signal) => {
    const { database, clock, config } = context
    const lease = { name: 'timed', holder, now: clock.now(), duration: config.jobInterval * 2 }
    if (!(await takeLease(database, lease))) return
    for (const job of TIMED_JOBS) if (!signal.aborted) await job(context, signal)
  }
}
