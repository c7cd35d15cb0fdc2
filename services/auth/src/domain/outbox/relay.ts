import type { Bus } from '@cairn/bus'
import type { Database } from '@cairn/database'
import type { Logger } from '@cairn/runtime'
import type { AuthTables } from '../../db/schema/index.ts'
import { deleteEvent, listUnpublished, type OutboxRow } from '../../store/outbox.ts'

/** Moves committed events to the bus. A row goes only after the bus has it: at least once, in order. */
export interface OutboxRelay {
  /** Something was committed; returns at once. */
  nudge(): void
  /** Publishes what is there. Rejects when the bus or the database cannot be reached. */
  run(): Promise<void>
  /** Waits for what nudges have started. */
  settle(): Promise<void>
}

export interface OutboxRelayOptions {
  readonly database: Database<AuthTables>
  readonly bus: Bus
  readonly logger: Logger
}

const BATCH = 100

export const createOutboxRelay = ({ database, bus, logger }: OutboxRelayOptions): OutboxRelay => {
  let running: Promise<void> | undefined
  let again = false

  const publishAll = async (): Promise<void> => {
    for (;;) {
      const rows = await listUnpublished(database.query, BATCH)
      if (rows.length === 0) return
      await bus.publish(rows.map(toMessage))
      await database.transaction(async (tx) => {
        for (const row of rows) await deleteEvent(tx, row)
      })
    }
  }

  const run = async (): Promise<void> => {
    if (running !== undefined) {
      again = true
      return running
    }
    running = (async () => {
      do {
        again = false
        await publishAll()
      } while (again)
    })().finally(() => {
      running = undefined
    })
    return running
  }

  return {
    nudge: () => {
      run().catch((error: unknown) => logger.warn({ err: error }, 'events wait for the bus'))
    },
    run,
    settle: async () => {
      await running?.catch(() => undefined)
    }
  }
}

const toMessage = (row: OutboxRow) => ({
  id: row.event_id,
  topic: row.topic,
  key: row.user_id,
  payload: row.payload,
  ...(row.traceparent === null ? {} : { traceparent: row.traceparent })
})
