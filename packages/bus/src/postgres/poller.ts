import { backoffPause } from '@cairn/database'
import { sql } from 'kysely'
import type { Consumer } from './consumer.ts'
import type { ConsumerContext } from './consumer-context.ts'

export interface Poller {
  stop(): Promise<void>
}

/** Wakes consumers for what other processes have published and for retries that are due: one query per look. */
export const startPoller = (
  { run, clock, random, logger }: ConsumerContext,
  consumers: ReadonlySet<Consumer>,
  interval: number
): Poller => {
  const stopping = new AbortController()

  const look = async (): Promise<void> => {
    const names = [...new Set([...consumers].map((consumer) => consumer.subscription))]
    if (names.length === 0) return
    const rows = await run(sql<{ name: string }>`
      select name from unnest(${names}::text[]) as name
      where exists (select 1 from bus.delivery where subscription = name and available_at <= now())
    `)
    const due = new Set(rows.map((row) => row.name))
    for (const consumer of consumers) if (due.has(consumer.subscription)) consumer.notify()
  }

  const poll = async (): Promise<void> => {
    let failures = 0
    while (!stopping.signal.aborted) {
      await clock
        .sleep(interval + backoffPause(failures + 1, random, { first: 50, longest: 10_000 }), stopping.signal)
        .catch(() => {})
      if (stopping.signal.aborted) return
      try {
        await look()
        failures = 0
      } catch (error) {
        failures += 1
        logger.warn({ err: error }, 'bus queues not polled, trying again')
      }
    }
  }

  const polling = poll()
  return {
    stop: async () => {
      stopping.abort()
      await polling
    }
  }
}
