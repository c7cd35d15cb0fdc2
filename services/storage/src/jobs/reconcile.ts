import { sql } from 'kysely'
import type { StorageContext } from '../context.ts'
import { confirmReferences, deleteReferences } from '../store/references.ts'

/**
 * Asks metadata to decide the fate of version ids for ever; resolves with those committed. After it,
 * no other id of the question can be committed any more.
 */
export type Fence = (vaultId: string, versionIds: readonly string[]) => Promise<readonly string[]>

const PATIENCE_SECONDS = 3600
const BATCH = 500

/** References nobody confirmed in an hour: a crash between seal and commit left them, or an event is late. */
export const reconcile = async (context: StorageContext, vaultId: string, fence: Fence): Promise<number> => {
  let released = 0
  for (;;) {
    const { rows } = await sql<{ reference_id: string }>`
      select reference_id from storage.reference
      where vault_id = ${vaultId} and not confirmed and created_at < now() - make_interval(secs => ${PATIENCE_SECONDS})
      order by created_at limit ${BATCH}`.execute(context.database.query)
    if (rows.length === 0) return released
    const ids = rows.map((row) => row.reference_id)
    const committed = new Set(await fence(vaultId, ids))
    const orphans = ids.filter((id) => !committed.has(id))
    await confirmReferences(context.database.query, vaultId, [...committed])
    await deleteReferences(context.database.query, vaultId, orphans)
    released += orphans.length
    if (rows.length < BATCH) return released
  }
}
