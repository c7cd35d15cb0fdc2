import type { OutboxLag } from '@cairn/database'
import { type Insertable, type Selectable, sql } from 'kysely'
import type { EventOutboxTable } from '../db/schema/journals.ts'
import type { Reading, Writing } from './handles.ts'

export type OutboxRow = Selectable<EventOutboxTable>

export const insertEvent = async (tx: Writing, row: Insertable<EventOutboxTable>): Promise<void> => {
  await tx.insertInto('auth.event_outbox').values(row).execute()
}

/** Counted up to 10000; all shards. */
export const readOutboxLag = async (db: Reading): Promise<OutboxLag> => {
  const { rows } = await sql<{ pending: number; age: number }>`
    select (select count(*) from (select 1 from auth.event_outbox limit 10000) as counted)::int as pending,
      coalesce((select extract(epoch from clock_timestamp() - min(created_at)) * 1000 from auth.event_outbox), 0)::float8
        as age`.execute(db)
  return { pending: rows[0]?.pending ?? 0, oldestAge: Math.max(0, rows[0]?.age ?? 0) }
}

/** Oldest first, all shards. */
export const listUnpublished = (db: Reading, limit: number): Promise<OutboxRow[]> =>
  db.selectFrom('auth.event_outbox').selectAll().orderBy('event_id').limit(limit).execute()

export const deleteEvent = async (tx: Writing, { user_id, event_id }: OutboxRow): Promise<void> => {
  await tx.deleteFrom('auth.event_outbox').where('user_id', '=', user_id).where('event_id', '=', event_id).execute()
}
