import { sql } from 'kysely'
import type { StorageContext } from '../context.ts'
import { decodeEntries, totalLength } from '../format/chunk-list.ts'
import { hex } from '../format/uuid.ts'
import type { Finding } from './finding.ts'

/** Level 0: references → manifests → contiguous pages → chunk rows → stored packs. */
export async function* checkRows(context: StorageContext, vaultId: string): AsyncGenerator<Finding> {
  yield* danglingReferences(context, vaultId)
  yield* lostPacks(context, vaultId)
  yield* brokenManifests(context, vaultId)
}

const finding = (vaultId: string, code: string, found: { subject: string; message: string }): Finding => ({
  level: 0,
  code,
  vaultId,
  ...found
})

async function* danglingReferences(context: StorageContext, vaultId: string): AsyncGenerator<Finding> {
  const { rows } = await sql<{ reference_id: string }>`
    select reference_id from storage.reference r where vault_id = ${vaultId}
      and not exists (select from storage.manifest m where m.vault_id = r.vault_id and m.manifest_id = r.manifest_id)
    limit 1000`.execute(context.database.query)
  for (const row of rows) {
    yield finding(vaultId, 'manifest_missing', {
      subject: row.reference_id,
      message: 'The version has no manifest: its content cannot be read.'
    })
  }
}

async function* lostPacks(context: StorageContext, vaultId: string): AsyncGenerator<Finding> {
  const { rows } = await sql<{ chunk_id: Uint8Array; pack_id: string }>`
    select chunk_id, pack_id from storage.chunk c where vault_id = ${vaultId} and state = 'live'
      and not exists (select from storage.pack p
        where p.vault_id = c.vault_id and p.pack_id = c.pack_id and p.state = 'stored')
    limit 1000`.execute(context.database.query)
  for (const row of rows) {
    yield finding(vaultId, 'pack_row_missing', {
      subject: hex(row.chunk_id),
      message: `The chunk points at pack ${row.pack_id}, which is not there.`
    })
  }
}

interface ManifestRow {
  readonly manifest_id: Uint8Array
  readonly size: number
  readonly page_count: number
  readonly entries: Uint8Array | null
}

async function* brokenManifests(context: StorageContext, vaultId: string): AsyncGenerator<Finding> {
  let after: Uint8Array = Buffer.alloc(0)
  for (;;) {
    const { rows } = await sql<ManifestRow>`
      select manifest_id, size, page_count, entries from storage.manifest m
      where vault_id = ${vaultId} and manifest_id > ${after}
        and exists (select from storage.reference r where r.vault_id = m.vault_id and r.manifest_id = m.manifest_id)
      order by manifest_id limit 200`.execute(context.database.query)
    for (const row of rows) yield* checkManifest(context, vaultId, row)
    const last = rows.at(-1)
    if (!last) return
    after = last.manifest_id
  }
}

async function* checkManifest(
  context: StorageContext,
  vaultId: string,
  manifest: ManifestRow
): AsyncGenerator<Finding> {
  const subject = hex(manifest.manifest_id)
  const pages = manifest.entries
    ? [{ first_offset: 0, entries: manifest.entries }]
    : await pagesOf(context, vaultId, manifest)
  let offset = 0
  for (const page of pages) {
    if (page.first_offset !== offset) {
      yield finding(vaultId, 'page_gap', {
        subject,
        message: `A page begins at ${page.first_offset}, not at ${offset}.`
      })
    }
    const entries = decodeEntries(page.entries)
    offset += totalLength(entries)
    const missing = await missingChunks(
      context,
      vaultId,
      entries.map((entry) => entry.chunkId)
    )
    if (missing > 0) {
      yield finding(vaultId, 'chunk_missing', { subject, message: `${missing} of its chunks are missing or suspect.` })
    }
  }
  if (offset !== manifest.size || pages.length !== manifest.page_count) {
    yield finding(vaultId, 'manifest_size', { subject, message: `Its pages hold ${offset} of ${manifest.size} bytes.` })
  }
}

const pagesOf = async (context: StorageContext, vaultId: string, manifest: ManifestRow) => {
  const { rows } = await sql<{ first_offset: number; entries: Uint8Array }>`
    select first_offset, entries from storage.manifest_page
    where vault_id = ${vaultId} and manifest_id = ${manifest.manifest_id} order by page_no`.execute(
    context.database.query
  )
  return rows
}

const missingChunks = async (
  context: StorageContext,
  vaultId: string,
  chunkIds: readonly Uint8Array[]
): Promise<number> => {
  const { rows } = await sql<{ chunk_id: Uint8Array }>`
    select chunk_id from storage.chunk
    where vault_id = ${vaultId} and state = 'live' and chunk_id = any(${[...chunkIds]}::bytea[])`.execute(
    context.database.query
  )
  const live = new Set(rows.map((row) => hex(row.chunk_id)))
  return chunkIds.filter((id) => !live.has(hex(id))).length
}
