import type { Selectable } from 'kysely'
import { sql } from 'kysely'
import type { AuditEventTable } from '../db/schema/journals.ts'
import type { Reading, Writing } from './handles.ts'

export type AuditRow = Selectable<AuditEventTable>

export interface AuditHead {
  readonly seq: number
  /** Of the event before; empty for the first. */
  readonly hash: Uint8Array
}

/** Takes the next number of a stream and holds the stream until the transaction ends. */
export const nextInStream = async (tx: Writing, userId: string): Promise<AuditHead> => {
  const { rows } = await sql<AuditHead>`
    insert into auth.audit_head as head (user_id, seq, hash) values (${userId}, 1, ''::bytea)
    on conflict (user_id) do update set seq = head.seq + 1
    returning seq, hash`.execute(tx)
  const [head] = rows
  if (head === undefined) throw new Error('the audit head was not returned')
  return head
}

export const insertAuditRow = async (tx: Writing, row: AuditRow): Promise<void> => {
  await tx
    .insertInto('auth.audit_event')
    .values({ ...row, details: JSON.stringify(row.details) })
    .execute()
  await tx.updateTable('auth.audit_head').set({ hash: row.hash }).where('user_id', '=', row.user_id).execute()
}

export const findAuditHead = async (db: Reading, userId: string): Promise<AuditHead | undefined> =>
  db.selectFrom('auth.audit_head').select(['seq', 'hash']).where('user_id', '=', userId).executeTakeFirst()

/** One stream in order, for verification. */
export const readAuditStream = (
  db: Reading,
  userId: string,
  page: { after: number; limit: number }
): Promise<AuditRow[]> =>
  db
    .selectFrom('auth.audit_event')
    .selectAll()
    .where('user_id', '=', userId)
    .where('seq', '>', page.after)
    .orderBy('seq')
    .limit(page.limit)
    .execute()

export interface AuditPage {
  /** One subject's stream; every stream when absent (all shards). */
  readonly userId?: string
  /** Event id to continue below. */
  readonly before?: string
  readonly limit: number
}

/** Newest first: event ids grow with time. */
export const listAuditEvents = (db: Reading, { userId, before, limit }: AuditPage): Promise<AuditRow[]> => {
  let query = db.selectFrom('auth.audit_event').selectAll()
  if (userId !== undefined) query = query.where('user_id', '=', userId)
  if (before !== undefined) query = query.where('event_id', '<', before)
  return query.orderBy('event_id', 'desc').limit(limit).execute()
}
