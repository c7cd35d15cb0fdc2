import type { Clock, Logger, Random } from '@cairn/runtime'
import { backoffPause } from '../backoff.ts'
import type { Database } from '../database.ts'
import { createWakeup } from '../wakeup.ts'
import type { OutboxMessage } from './outbox-message.ts'
import { createOutboxStore, type OutboxLag, type OutboxRow } from './outbox-store.ts'
import { publishBatch } from './publish-batch.ts'

export interface OutboxRelayOptions<Tables> {
  readonly database: Database<Tables>
  readonly schema: string
  /** Durable when resolved and idempotent by message id, like Bus.publish. */
  readonly publish: (messages: readonly OutboxMessage[], signal: AbortSignal) => Promise<void>
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  /** Messages per publication; default 500. */
  readonly batchSize?: number
  /** Milliseconds to let further commits join before looking; under load this saves most queries. Default none. */
  readonly gatherMs?: number
  /** Milliseconds between looks when nobody calls notify; default 5000. */
  readonly pollInterval?: number
}

/** Moves one schema's outbox to the bus. Any number of replicas may run; one works at a time. */
export interface OutboxRelay {
  start(): void
  /** Call after a commit that appended. */
  notify(): void
  /** Finishes the batch under way. */
  stop(): Promise<void>
  /** One query; call it when metrics are collected. */
  lag(): Promise<OutboxLag>
}

/** A relay that was killed is replaced after this long. */
const LEASE_MS = 15_000
const BUS_BACKOFF = { first: 100, longest: 30_000 }
const LEASE_BACKOFF = { first: 50, longest: 2_000 }

export const createOutboxRelay = <Tables>(options: OutboxRelayOptions<Tables>): OutboxRelay => {
  const { clock, random, logger, schema } = options
  const batchSize = options.batchSize ?? 500
  const store = createOutboxStore(options.database, schema)
  const holder = random.uuid()
  const wakeup = createWakeup(clock)
  const stopping = new AbortController()
  const refused = new Map<string, { attempts: number; until: number }>()
  let running: Promise<void> | undefined

  const publishRows = (rows: readonly OutboxRow[]) => {
    // Never publish on an expired lease: another relay may have taken over and be further ahead.
    const deadline = AbortSignal.timeout((LEASE_MS * 2) / 3)
    return publishBatch(rows, async (group) => {
      deadline.throwIfAborted()
      await options.publish(
        group.map(({ seq: _, ...message }) => message),
        deadline
      )
    })
  }

  const refuse = (keys: readonly string[]) => {
    for (const key of keys) {
      const attempts = (refused.get(key)?.attempts ?? 0) + 1
      refused.set(key, { attempts, until: clock.now() + backoffPause(attempts, random, BUS_BACKOFF) })
      logger.error({ schema, key, attempts }, 'the bus refuses messages of one outbox key')
    }
  }

  const waitingKeys = (): readonly string[] =>
    [...refused].filter(([, state]) => state.until > clock.now()).map(([key]) => key)

  const forgetExcept = (keys: readonly string[]) => {
    for (const key of refused.keys()) if (!keys.includes(key)) refused.delete(key)
  }

  /** Publishes until nothing is left that may go out now. False when another relay holds the lease. */
  const drain = async (): Promise<boolean> => {
    if (!(await store.acquire(holder, LEASE_MS))) return false
    try {
      while (!stopping.signal.aborted) {
        const waiting = waitingKeys()
        const rows = await store.read(batchSize, waiting)
        if (rows.length === 0) {
          forgetExcept(waiting)
          break
        }
        const { published, refusedKeys } = await publishRows(rows)
        for (const row of published) refused.delete(row.key)
        refuse(refusedKeys)
        await store.remove(published)
        if (!(await store.acquire(holder, LEASE_MS))) return false
      }
      return true
    } finally {
      await store.release(holder).catch((error: unknown) => {
        logger.warn({ schema, err: error }, 'outbox lease not released, it will expire')
      })
    }
  }

  const run = async (): Promise<void> => {
    let failures = 0
    let refusals = 0
    while (!stopping.signal.aborted) {
      try {
        const empty = await store.isEmpty()
        if (empty) refused.clear()
        const drained = empty || (await drain())
        failures = 0
        refusals = drained ? 0 : refusals + 1
        const next = Math.min(...[...refused.values()].map((state) => state.until - clock.now()))
        const idle = Math.max(0, Math.min(options.pollInterval ?? 5_000, next))
        await wakeup.wait(drained ? idle : backoffPause(refusals, random, LEASE_BACKOFF), stopping.signal)
        if (options.gatherMs) await clock.sleep(options.gatherMs, stopping.signal).catch(() => {})
      } catch (error) {
        failures += 1
        const pause = backoffPause(failures, random, BUS_BACKOFF)
        logger.warn({ schema, err: error, failures, pause }, 'outbox not published, trying again')
        await clock.sleep(pause, stopping.signal).catch(() => {})
      }
    }
  }

  return {
    start: () => {
      running ??= run()
    },
    notify: () => wakeup.notify(),
    stop: async () => {
      stopping.abort()
      await running
    },
    lag: () => store.lag()
  }
}
