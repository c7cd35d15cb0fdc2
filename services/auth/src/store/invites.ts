import type { Selectable } from 'kysely'
import type { InviteTable } from '../db/schema/policy.ts'
import type { Reading, Writing } from './handles.ts'

export type Invite = Selectable<InviteTable>

export const insertInvite = async (tx: Writing, row: Invite): Promise<void> => {
  await tx.insertInto('auth.invite').values(row).execute()
}

export interface InviteUse {
  readonly inviteId: string
  readonly secretHash: Uint8Array
  readonly userId: string
  readonly at: Date
}

/** False when it is unknown, spent or too old. */
export const spendInvite = async (tx: Writing, use: InviteUse): Promise<boolean> => {
  const updated = await tx
    .updateTable('auth.invite')
    .set({ used_at: use.at, used_by: use.userId })
    .where('invite_id', '=', use.inviteId)
    .where('secret_hash', '=', use.secretHash)
    .where('used_at', 'is', null)
    .where('expires_at', '>', use.at)
    .executeTakeFirst()
  return updated.numUpdatedRows > 0n
}

export const listInvites = (db: Reading, limit: number): Promise<Invite[]> =>
  db.selectFrom('auth.invite').selectAll().orderBy('created_at', 'desc').orderBy('invite_id').limit(limit).execute()

export const deleteInvite = async (tx: Writing, inviteId: string): Promise<boolean> => {
  const deleted = await tx
    .deleteFrom('auth.invite')
    .where('invite_id', '=', inviteId)
    .where('used_at', 'is', null)
    .executeTakeFirst()
  return deleted.numDeletedRows > 0n
}
