import type { Insertable, Selectable } from 'kysely'
import type { SigningKeyTable } from '../db/schema/secrets.ts'
import type { Reading, Writing } from './handles.ts'

export type SigningKeyRow = Selectable<SigningKeyTable>

/** Newest generation first; only those still published. */
export const listSigningKeys = (db: Reading, now: Date): Promise<SigningKeyRow[]> =>
  db
    .selectFrom('auth.signing_key')
    .selectAll()
    .where((eb) => eb.or([eb('publish_until', 'is', null), eb('publish_until', '>', now)]))
    .orderBy('generation', 'desc')
    .execute()

export const lastGeneration = async (db: Reading): Promise<number> =>
  (
    await db
      .selectFrom('auth.signing_key')
      .select((eb) => eb.fn.max('generation').as('last'))
      .executeTakeFirst()
  )?.last ?? 0

/** False when another process made this generation first. */
export const insertSigningKey = async (tx: Writing, row: Insertable<SigningKeyTable>): Promise<boolean> => {
  const inserted = await tx
    .insertInto('auth.signing_key')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return (inserted.numInsertedOrUpdatedRows ?? 0n) > 0n
}

/** Older generations leave the key set at `at`, unless they leave it sooner. */
export const retireSigningKeysBefore = async (tx: Writing, generation: number, at: Date): Promise<void> => {
  await tx
    .updateTable('auth.signing_key')
    .set({ publish_until: at })
    .where('generation', '<', generation)
    .where((eb) => eb.or([eb('publish_until', 'is', null), eb('publish_until', '>', at)]))
    .execute()
}
