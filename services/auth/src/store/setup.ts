import type { Selectable } from 'kysely'
import type { SetupTable } from '../db/schema/policy.ts'
import type { Reading, Writing } from './handles.ts'

export type Setup = Selectable<SetupTable>

export const findSetup = (db: Reading): Promise<Setup | undefined> =>
  db.selectFrom('auth.setup').selectAll().where('id', '=', 1).executeTakeFirst()

/** Everything that changes who is an administrator serialises here. */
export const lockSetup = (tx: Writing): Promise<Setup | undefined> =>
  tx.selectFrom('auth.setup').selectAll().where('id', '=', 1).forUpdate().executeTakeFirst()

/** Keeps the row that is there; the first process to start wins. */
export const insertSetup = async (tx: Writing, sealedToken: Uint8Array): Promise<void> => {
  await tx
    .insertInto('auth.setup')
    .values({ id: 1, sealed_token: sealedToken, completed_at: null, completed_by: null })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

export const replaceSetupToken = async (tx: Writing, sealedToken: Uint8Array): Promise<void> => {
  await tx
    .updateTable('auth.setup')
    .set({ sealed_token: sealedToken })
    .where('id', '=', 1)
    .where('completed_at', 'is', null)
    .execute()
}

/** False when it was completed before. */
export const completeSetup = async (tx: Writing, userId: string, at: Date): Promise<boolean> => {
  const updated = await tx
    .updateTable('auth.setup')
    .set({ completed_at: at, completed_by: userId })
    .where('id', '=', 1)
    .where('completed_at', 'is', null)
    .executeTakeFirst()
  return updated.numUpdatedRows > 0n
}
