import { type Kysely, sql } from 'kysely'
import type { StorageTables } from '../db/tables.ts'
import { tooSlow } from '../errors.ts'
import type { Tx } from './vaults.ts'

/** Intent rows come before their objects: an object without a row is garbage whenever it is found. */
export const insertIntents = async (
  db: Kysely<StorageTables>,
  vaultId: string,
  intents: { packIds: readonly string[]; leaseSeconds: number }
): Promise<void> => {
  await sql`
    insert into storage.pack (vault_id, pack_id, state, lease_until)
    select ${vaultId}::uuid, id, 'intent', now() + make_interval(secs => ${intents.leaseSeconds})
    from unnest(${[...intents.packIds]}::uuid[]) as id`.execute(db)
}

/** Refuses when the lease has run out: the object may be collected at any moment. */
export const markStored = async (tx: Tx, vaultId: string, pack: { packId: string; bytes: number }): Promise<void> => {
  const { numAffectedRows } = await sql`
    update storage.pack set state = 'stored', bytes = ${pack.bytes}, lease_until = null
    where vault_id = ${vaultId} and pack_id = ${pack.packId} and state = 'intent' and lease_until > now()`.execute(tx)
  if (numAffectedRows !== 1n) throw tooSlow()
}
