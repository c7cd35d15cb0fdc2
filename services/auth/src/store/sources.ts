import type { Reading, Writing } from './handles.ts'

export interface KnownSource {
  readonly userId: string
  readonly sourceHash: Uint8Array
  readonly at: Date
}

/** Whether the account signed in from there at `since` or later. */
export const isKnownSource = async (db: Reading, { userId, sourceHash, at: since }: KnownSource): Promise<boolean> =>
  (await db
    .selectFrom('auth.known_source')
    .select('user_id')
    .where('user_id', '=', userId)
    .where('source_hash', '=', sourceHash)
    .where('last_sign_in_at', '>=', since)
    .executeTakeFirst()) !== undefined

export const rememberSource = async (tx: Writing, { userId, sourceHash, at }: KnownSource): Promise<void> => {
  await tx
    .insertInto('auth.known_source')
    .values({ user_id: userId, source_hash: sourceHash, last_sign_in_at: at })
    .onConflict((conflict) => conflict.columns(['user_id', 'source_hash']).doUpdateSet({ last_sign_in_at: at }))
    .execute()
}
