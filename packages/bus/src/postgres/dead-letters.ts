import { sql } from 'kysely'
import type { DeadLetter, DeadLetters } from '../bus.ts'
import { type MessageRow, messageFromRow } from './delivery.ts'
import type { Run } from './statements.ts'

interface DeadLetterRow extends MessageRow {
  readonly id: string
  readonly subscription: string
  readonly attempts: number
  readonly reason: string
  readonly dead_at: Date
}

const MAX_LIST = 1_000

/** Dead letters are listed oldest first; ids grow with time. */
export const createDeadLetters = (run: Run, replayed: (subscription: string) => void): DeadLetters => ({
  list: async ({ subscription, limit, after }) => {
    const rows = await run(sql<DeadLetterRow>`
      select * from bus.dead_letter
      where (${subscription ?? null}::text is null or subscription = ${subscription ?? null})
        and (${after ?? null}::uuid is null or id > ${after ?? null}::uuid)
      order by id limit ${Math.min(limit, MAX_LIST)}
    `)
    return rows.map(deadLetterFromRow)
  },

  replay: async (id) => {
    if (!isUuid(id)) return false
    const rows = await run(sql<{ subscription: string }>`
      with taken as (delete from bus.dead_letter where id = ${id} returning *),
      queued as (
        insert into bus.delivery (subscription, message_id, topic, key, payload, traceparent)
        select subscription, message_id, topic, key, payload, traceparent from taken
        on conflict (subscription, message_id) do nothing
      )
      select subscription from taken
    `)
    for (const row of rows) replayed(row.subscription)
    return rows.length === 1
  },

  discard: async (id) => {
    if (!isUuid(id)) return false
    return (await run(sql`delete from bus.dead_letter where id = ${id} returning id`)).length === 1
  }
})

const deadLetterFromRow = (row: DeadLetterRow): DeadLetter => ({
  id: row.id,
  subscription: row.subscription,
  message: messageFromRow(row),
  attempts: row.attempts,
  reason: row.reason,
  deadAt: row.dead_at.getTime()
})

const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)
