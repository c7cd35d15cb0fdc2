import { backoffPause, createWakeup } from '@cairn/database'
import type { Subscription } from '../bus.ts'
import { createAttempt } from './attempt.ts'
import type { ConsumerContext } from './consumer-context.ts'
import { runWorkSession } from './work-session.ts'

/** The bus's poller wakes consumers; this is only the longest sleep between two looks of their own. */
const LONGEST_SLEEP_MS = 3_600_000
const DATABASE_BACKOFF = { first: 200, longest: 10_000 }

/** One subscription's reader in this process. */
export interface Consumer {
  readonly subscription: string
  /** There may be something to do. */
  notify(): void
  /** Begins nothing more, waits for handlers in flight. */
  stop(): Promise<void>
  /** Aborts handlers in flight, then like stop. */
  abort(reason: Error): Promise<void>
}

export const startConsumer = (context: ConsumerContext, subscription: Subscription): Consumer => {
  const { clock, leases, logger, random } = context
  const attempt = createAttempt(context, subscription)
  const wakeup = createWakeup(clock)
  const stopping = new AbortController()
  const aborting = new AbortController()
  let news = true

  const notify = () => {
    news = true
    wakeup.notify()
  }

  const takeNews = () => {
    const had = news
    news = false
    return had
  }

  /** Works off what is there. Returns how long to sleep unless woken, milliseconds. */
  const work = async (): Promise<number> => {
    const lease = await leases.acquire(subscription.name, context.holder, context.leaseMs)
    if (lease === undefined) return LONGEST_SLEEP_MS
    const settled = await runWorkSession({
      context,
      subscription,
      attempt,
      lease,
      wakeup,
      takeNews,
      stopping: stopping.signal,
      aborting: aborting.signal
    })
    if (!settled) return LONGEST_SLEEP_MS
    return (await leases.release(subscription.name, lease)) ?? LONGEST_SLEEP_MS
  }

  const run = async (): Promise<void> => {
    let failures = 0
    while (!stopping.signal.aborted) {
      takeNews()
      try {
        const pause = await work()
        failures = 0
        if (!news) await wakeup.wait(pause, stopping.signal)
      } catch (error) {
        failures += 1
        const pause = backoffPause(failures, random, DATABASE_BACKOFF)
        logger.warn({ subscription: subscription.name, err: error, pause }, 'bus consumer failed, trying again')
        await clock.sleep(pause, stopping.signal).catch(() => {})
      }
    }
  }

  const running = run()
  const stop = async () => {
    stopping.abort()
    wakeup.notify()
    await running
  }
  return {
    subscription: subscription.name,
    notify,
    stop,
    abort: async (reason) => {
      aborting.abort(reason)
      await stop()
    }
  }
}
