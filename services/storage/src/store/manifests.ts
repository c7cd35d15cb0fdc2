import { type Kysely, sql } from 'kysely'
import type { StorageTables } from '../db/tables.ts'
import { asBuffer } from '../format/uuid.ts'
import type { Manifest } from '../manifest.ts'
import { byteaArray } from './bytes.ts'
import type { Tx } from './vaults.ts'

/** Several manifests and the references that keep them, set-wise. Existing rows stay as they are. */
export const insertManifests = async (tx: Tx, vaultId: string, manifests: readonly Manifest[]): Promise<void> => {
  const inline = manifests.map((manifest) => (manifest.pages.length === 1 ? manifest.pages[0] : undefined))
  await sql`
    insert into storage.manifest (vault_id, manifest_id, size, profile, page_count, entries, wire_ids)
    select ${vaultId}::uuid, m.* from unnest(
      ${byteaArray(manifests.map((manifest) => manifest.manifestId))},
      ${manifests.map((manifest) => manifest.size)}::bigint[],
      ${manifests.map((manifest) => manifest.profile)}::smallint[],
      ${manifests.map((manifest) => manifest.pages.length)}::int[],
      ${inline.map((page) => page?.entries ?? null)}::bytea[],
      ${inline.map((page) => page?.wireIds ?? null)}::bytea[]
    ) as m
    on conflict (vault_id, manifest_id) do nothing`.execute(tx)
  for (const manifest of manifests) {
    if (manifest.pages.length > 1) await insertPages(tx, vaultId, manifest)
  }
}

const insertPages = async (tx: Tx, vaultId: string, manifest: Manifest): Promise<void> => {
  for (const [pageNo, page] of manifest.pages.entries()) {
    await sql`
      insert into storage.manifest_page (vault_id, manifest_id, page_no, first_offset, entries, wire_ids)
      values (${vaultId}, ${asBuffer(manifest.manifestId)}, ${pageNo}, ${page.firstOffset}, ${page.entries}, ${page.wireIds})
      on conflict do nothing`.execute(tx)
  }
}

export interface ManifestHead {
  readonly size: number
  readonly pageCount: number
  readonly entries: Uint8Array | null
}

export const readManifest = async (
  db: Kysely<StorageTables>,
  vaultId: string,
  manifestId: Uint8Array
): Promise<ManifestHead | undefined> => {
  const { rows } = await sql<{ size: number; page_count: number; entries: Uint8Array | null }>`
    select size, page_count, entries from storage.manifest
    where vault_id = ${vaultId} and manifest_id = ${asBuffer(manifestId)}`.execute(db)
  const row = rows[0]
  return row && { size: row.size, pageCount: row.page_count, entries: row.entries }
}

/** The page that holds `offset`, and where it begins. */
export const readPageAt = async (
  db: Kysely<StorageTables>,
  vaultId: string,
  at: { manifestId: Uint8Array; offset: number }
): Promise<{ firstOffset: number; entries: Uint8Array } | undefined> => {
  const { rows } = await sql<{ first_offset: number; entries: Uint8Array }>`
    select first_offset, entries from storage.manifest_page
    where vault_id = ${vaultId} and manifest_id = ${asBuffer(at.manifestId)} and first_offset <= ${at.offset}
    order by page_no desc limit 1`.execute(db)
  const row = rows[0]
  return row && { firstOffset: row.first_offset, entries: row.entries }
}
