import { type Selectable, sql } from 'kysely'
import type { AppPasswordTable } from '../db/schema/secrets.ts'
import type { Reading, Writing } from './handles.ts'

export type AppPassword = Selectable<AppPasswordTable>

export const findAppPassword = (
  db: Reading,
  userId: string,
  secretHash: Uint8Array
): Promise<AppPassword | undefined> =>
  db
    .selectFrom('auth.app_password')
    .selectAll()
    .where('user_id', '=', userId)
    .where('secret_hash', '=', secretHash)
    .executeTakeFirst()

export const listAppPasswords = (db: Reading, userId: string): Promise<AppPassword[]> =>
  db
    .selectFrom('auth.app_password')
    .selectAll()
    .where('user_id', '=', userId)
    .where('revoked_at', 'is', null)
    .orderBy('created_at', 'desc')
    .orderBy('app_password_id', 'desc')
    .execute()

export const insertAppPassword = async (tx: Writing, row: AppPassword): Promise<void> => {
  await tx.insertInto('auth.app_password').values(row).execute()
}

export interface AppPasswordUse {
  readonly userId: string
  readonly appPasswordId: string
  readonly at: Date
}

export const touchAppPassword = async (tx: Writing, { userId, appPasswordId, at }: AppPasswordUse): Promise<void> => {
  await tx
    .updateTable('auth.app_password')
    .set({ last_used_at: sql`greatest(last_used_at, ${at})` })
    .where('user_id', '=', userId)
    .where('app_password_id', '=', appPasswordId)
    .execute()
}

export interface AppPasswordRevocation {
  readonly userId: string
  /** All of them when absent. */
  readonly appPasswordId?: string
  readonly at: Date
}

/** Number revoked now. */
export const revokeAppPasswords = async (tx: Writing, revocation: AppPasswordRevocation): Promise<number> => {
  let query = tx
    .updateTable('auth.app_password')
    .set({ revoked_at: revocation.at })
    .where('user_id', '=', revocation.userId)
    .where('revoked_at', 'is', null)
  if (revocation.appPasswordId !== undefined) {
    query = query.where('app_password_id', '=', revocation.appPasswordId)
  }
  return Number((await query.executeTakeFirst()).numUpdatedRows)
}
