import { sql } from 'kysely'
import type { StorageContext } from '../context.ts'
import { packKey } from '../format/pack.ts'

const BATCH = 500

/**
 * Packs no chunk row points to, and intents whose lease has long passed: first the row says `deleting` (a late
 * register is refused), then the object goes, then the row. A crash between leaves a row that is taken up again.
 */
export const sweepPacks = async (context: StorageContext, vaultId: string): Promise<number> => {
  let swept = 0
  for (;;) {
    const { rows } = await sql<{ pack_id: string }>`
      update storage.pack p set state = 'deleting'
      where vault_id = ${vaultId} and pack_id in (
        select pack_id from storage.pack c
        where c.vault_id = ${vaultId} and (
          c.state = 'deleting'
          or (c.state = 'intent' and c.lease_until < now() - interval '1 minute')
          or (c.state = 'stored' and not exists (
            select from storage.chunk where chunk.vault_id = c.vault_id and chunk.pack_id = c.pack_id))
        )
        limit ${BATCH} for update skip locked
      )
      returning pack_id`.execute(context.database.query)
    for (const { pack_id: packId } of rows) {
      await context.blobs.delete(packKey(vaultId, packId))
      await sql`
        delete from storage.pack
        where vault_id = ${vaultId} and pack_id = ${packId} and state = 'deleting'`.execute(context.database.query)
    }
    swept += rows.length
    if (rows.length < BATCH) return swept
  }
}
