import { sql } from 'kysely'
import type { StorageContext } from '../context.ts'
import { byteaArray } from '../store/bytes.ts'
import { withVaultLock } from './with-vault-lock.ts'

const BATCH = 500

const unreferenced = sql`not exists (
  select from storage.reference r where r.vault_id = m.vault_id and r.manifest_id = m.manifest_id)`

/**
 * Manifests no reference names. Found without a lock, decided under the vault's: whatever makes a manifest
 * referenced holds it, so what is unreferenced then stays so until deleted. Returns how many.
 */
export const deleteManifests = async (context: StorageContext, vaultId: string): Promise<number> => {
  let deleted = 0
  for (;;) {
    const { rows } = await sql<{ manifest_id: Uint8Array }>`
      select manifest_id from storage.manifest m where vault_id = ${vaultId} and ${unreferenced} limit ${BATCH}`.execute(
      context.database.query
    )
    if (rows.length === 0) return deleted
    const ids = byteaArray(rows.map((row) => row.manifest_id))
    const gone = await withVaultLock(context, vaultId, async (tx) => {
      const { rows: removed } = await sql<{ manifest_id: Uint8Array }>`
        delete from storage.manifest m
        where vault_id = ${vaultId} and manifest_id = any(${ids}) and ${unreferenced} returning manifest_id`.execute(tx)
      await sql`
        delete from storage.manifest_page
        where vault_id = ${vaultId} and manifest_id = any(${byteaArray(removed.map((row) => row.manifest_id))})`.execute(
        tx
      )
      return removed.length
    })
    deleted += gone
    if (rows.length < BATCH || gone === 0) return deleted
  }
}
