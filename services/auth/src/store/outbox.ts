import type { Insertable, Selectable } from 'kysely'
import type { EventOutboxTable } from '../db/schema/journals.ts'
import type { Reading, Writing } from './handles.ts'

export type OutboxRow = Selectable<EventOutboxTable>

export const insertEvent = async (tx: Writing, row: Insertable<EventOutboxTable>): Promise<void> => {
  await tx.insertInto('auth.event_outbox').values(row).execute()
}

/** Oldest first, all shards. */
export const listUnpublished = (db: Reading, limit: number): Promise<OutboxRow[]> =>
  db.selectFrom('auth.event_outbox').selectAll().orderBy('event_id').limit(limit).execute()

export const deleteEvent = async (tx: Writing, { user_id, event_id }: OutboxRow): Promise<void> => {
  await tx.deleteFrom('auth.event_outbox').where('user_id', '=', user_id).where('event_id', '=', event_id).execute()
}
