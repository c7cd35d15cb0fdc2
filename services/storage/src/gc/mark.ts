import { sql } from 'kysely'
import type { StorageContext } from '../context.ts'
import { decodeEntries } from '../format/chunk-list.ts'
import { hex } from '../format/uuid.ts'
import type { Tx } from '../store/vaults.ts'

/**
 * Chunk ids named by referenced manifests and by pins of open uploads, as of one snapshot. The same walk serves
 * doctor. Memory: ~100 bytes an id; `prefix` (one byte) restricts a pass when a vault is too large for one.
 */
export const markReachable = (context: StorageContext, vaultId: string): Promise<Set<string>> =>
  context.database.transaction(
    async (tx) => {
      const reachable = new Set<string>()
      for await (const entries of reachableEntries(tx, vaultId)) {
        for (const entry of decodeEntries(entries)) reachable.add(hex(entry.chunkId))
      }
      return reachable
    },
    { isolation: 'repeatable read', readOnly: true }
  )

const BATCH = 500

async function* reachableEntries(tx: Tx, vaultId: string): AsyncGenerator<Uint8Array> {
  let after: Uint8Array = Buffer.alloc(0)
  for (;;) {
    const { rows } = await sql<{ manifest_id: Uint8Array; entries: Uint8Array | null }>`
      select manifest_id, entries from storage.manifest m
      where vault_id = ${vaultId} and manifest_id > ${after}
        and exists (select from storage.reference r where r.vault_id = m.vault_id and r.manifest_id = m.manifest_id)
      order by manifest_id limit ${BATCH}`.execute(tx)
    for (const row of rows) {
      if (row.entries) yield row.entries
      else yield* pagesOf(tx, vaultId, row.manifest_id)
    }
    const last = rows.at(-1)
    if (!last) break
    after = last.manifest_id
  }
  const { rows } = await sql<{ entries: Uint8Array }>`
    select p.entries from storage.upload_pin p join storage.upload u using (vault_id, upload_id)
    where p.vault_id = ${vaultId} and u.state = 'open'`.execute(tx)
  for (const row of rows) yield row.entries
}

async function* pagesOf(tx: Tx, vaultId: string, manifestId: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let pageNo = 0; ; pageNo += 1) {
    const { rows } = await sql<{ entries: Uint8Array }>`
      select entries from storage.manifest_page
      where vault_id = ${vaultId} and manifest_id = ${manifestId} and page_no = ${pageNo}`.execute(tx)
    const page = rows[0]
    if (!page) return
    yield page.entries
  }
}
