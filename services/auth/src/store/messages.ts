import type { Selectable } from 'kysely'
import type { MessageTable } from '../db/schema/secrets.ts'
import type { Reading, Writing } from './handles.ts'

export type Message = Selectable<MessageTable>

export const insertMessage = async (tx: Writing, row: Message): Promise<void> => {
  await tx.insertInto('auth.message').values(row).execute()
}

export const deleteMessages = async (tx: Writing, userId: string): Promise<void> => {
  await tx.deleteFrom('auth.message').where('user_id', '=', userId).execute()
}

/** Newest first, all shards. */
export const listMessages = (db: Reading, now: Date, limit: number): Promise<Message[]> =>
  db
    .selectFrom('auth.message')
    .selectAll()
    .where('expires_at', '>', now)
    .orderBy('created_at', 'desc')
    .orderBy('message_id', 'desc')
    .limit(limit)
    .execute()
