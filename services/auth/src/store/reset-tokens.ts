import type { Insertable, Selectable } from 'kysely'
import type { ResetTokenTable } from '../db/schema/secrets.ts'
import type { Reading, Writing } from './handles.ts'

export const insertResetToken = async (tx: Writing, row: Insertable<ResetTokenTable>): Promise<void> => {
  await tx.insertInto('auth.reset_token').values(row).execute()
}

export interface ResetTokenUse {
  readonly userId: string
  readonly tokenId: string
  readonly secretHash: Uint8Array
  readonly at: Date
}

/** Whether spending would succeed now. */
export const findResetToken = async (db: Reading, use: ResetTokenUse): Promise<boolean> =>
  (await db
    .selectFrom('auth.reset_token')
    .select('token_id')
    .where('user_id', '=', use.userId)
    .where('token_id', '=', use.tokenId)
    .where('secret_hash', '=', use.secretHash)
    .where('used_at', 'is', null)
    .where('expires_at', '>', use.at)
    .executeTakeFirst()) !== undefined

/** Spends the token. Undefined when it is unknown, spent or too old. */
export const spendResetToken = (tx: Writing, use: ResetTokenUse): Promise<Selectable<ResetTokenTable> | undefined> =>
  tx
    .updateTable('auth.reset_token')
    .set({ used_at: use.at })
    .where('user_id', '=', use.userId)
    .where('token_id', '=', use.tokenId)
    .where('secret_hash', '=', use.secretHash)
    .where('used_at', 'is', null)
    .where('expires_at', '>', use.at)
    .returningAll()
    .executeTakeFirst()

/** Those issued before lose their force: after a reset, a password or address change, a newer token. */
export const voidResetTokens = async (tx: Writing, userId: string, at: Date): Promise<void> => {
  await tx
    .updateTable('auth.reset_token')
    .set({ used_at: at })
    .where('user_id', '=', userId)
    .where('used_at', 'is', null)
    .execute()
}
