import type { BackoffOptions, Database } from '@cairn/database'
import type { Clock, Logger, Random } from '@cairn/runtime'
import { sql } from 'kysely'
import type { Backlog, Bus } from '../bus.ts'
import { type Consumer, startConsumer } from './consumer.ts'
import type { ConsumerContext } from './consumer-context.ts'
import { createDeadLetters } from './dead-letters.ts'
import { type Poller, startPoller } from './poller.ts'
import { publishMessages } from './publish.ts'
import { createRun } from './statements.ts'
import { createSubscriptionLeases } from './subscription-lease.ts'

export interface PostgresBusOptions<Tables> {
  /** Opened with BUS_SCHEMA and busMigrations. */
  readonly database: Database<Tables>
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  /** Milliseconds between looks for work of other processes; default 1000. */
  readonly pollInterval?: number
  /** A consumer that vanished is replaced after this many milliseconds; default 30000. */
  readonly leaseMs?: number
  /** Pauses between attempts; default 250 ms growing fourfold to 5 minutes. */
  readonly retry?: BackoffOptions
}

/** Durable queues in PostgreSQL; see the README for how order, leases and retries work. */
export const createPostgresBus = <Tables>(options: PostgresBusOptions<Tables>): Bus => {
  const { database, clock, random, logger } = options
  const run = createRun(database)
  const context: ConsumerContext = {
    run,
    leases: createSubscriptionLeases(run),
    holder: random.uuid(),
    leaseMs: options.leaseMs ?? 30_000,
    retry: options.retry ?? { first: 250, longest: 300_000, factor: 4 },
    clock,
    random,
    logger
  }
  const consumers = new Set<Consumer>()
  let poller: Poller | undefined
  let closed = false

  const notify = (subscription: string) => {
    for (const consumer of consumers) if (consumer.subscription === subscription) consumer.notify()
  }

  const assertOpen = () => {
    if (closed) throw new Error('the bus is closed')
  }

  return {
    publish: async (messages, signal) => {
      assertOpen()
      signal?.throwIfAborted()
      if (messages.length === 0) return
      for (const subscription of await publishMessages(run, messages)) notify(subscription)
    },

    subscribe: async (subscription) => {
      assertOpen()
      await context.leases.register(subscription.name, subscription.topics)
      assertOpen()
      const consumer = startConsumer(context, subscription)
      consumers.add(consumer)
      poller ??= startPoller(context, consumers, options.pollInterval ?? 1_000)
      return {
        stop: async () => {
          await consumer.stop()
          consumers.delete(consumer)
        }
      }
    },

    deadLetters: createDeadLetters(run, notify),

    backlog: () =>
      run(sql<Backlog>`
        select name as subscription,
          (select count(*) from
            (select 1 from bus.delivery where subscription = name limit 10000) as counted) as pending,
          coalesce((select extract(epoch from clock_timestamp() - created_at) * 1000 from bus.delivery
            where subscription = name order by seq limit 1), 0)::float8 as "oldestAge",
          (select count(*) from bus.dead_letter where subscription = name) as dead
        from bus.subscription order by name
      `),

    check: (signal) => database.check(signal),

    [Symbol.asyncDispose]: async () => {
      closed = true
      await poller?.stop()
      await Promise.all([...consumers].map((consumer) => consumer.abort(new Error('the bus is closing'))))
      consumers.clear()
    }
  }
}
