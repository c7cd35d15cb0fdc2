import { type Kysely, sql } from 'kysely'
import type { StorageTables } from '../db/tables.ts'
import type { DurablePack } from '../ingest/pack-builder.ts'
import type { Manifest } from '../manifest.ts'
import { byteaArray } from './bytes.ts'
import type { Reference } from './references.ts'

export interface SealedBatch {
  readonly pack: DurablePack
  /** Manifest and reference of each content, index by index. */
  readonly manifests: readonly Manifest[]
  readonly references: readonly Reference[]
}

/**
 * Register and seal in one statement, for single-chunk contents whose chunks all lie in `pack`: one round
 * trip, one commit. Every insert draws on `vault`, so nothing is written before the vault's lock is held and its
 * epoch read. Returns how many references are new, or undefined when the pack's lease had run out: then
 * nothing was written.
 */
export const insertSealed = async (
  db: Kysely<StorageTables>,
  vaultId: string,
  { pack, manifests, references }: SealedBatch
): Promise<number | undefined> => {
  const chunks = [...pack.chunks].sort((a, b) => Buffer.compare(a.chunkId, b.chunkId))
  const { rows } = await sql<{ stored: number; inserted: number }>`
    with vault as materialized (
      select gc_epoch from storage.vault where vault_id = ${vaultId} for key share
    ),
    stored as (
      update storage.pack p set state = 'stored', bytes = ${pack.bytes}, lease_until = null from vault
      where p.vault_id = ${vaultId} and p.pack_id = ${pack.packId} and p.state = 'intent' and p.lease_until > now()
      returning vault.gc_epoch
    ),
    chunks as (
      insert into storage.chunk as c
        (vault_id, chunk_id, pack_id, pack_offset, record_length, plain_length, touch_epoch)
      select ${vaultId}::uuid, fresh.chunk_id, ${pack.packId}::uuid, fresh.pack_offset, fresh.record_length,
        fresh.plain_length, stored.gc_epoch
      from stored, unnest(
        ${byteaArray(chunks.map((chunk) => chunk.chunkId))},
        ${chunks.map((chunk) => chunk.offset)}::int[],
        ${chunks.map((chunk) => chunk.recordLength)}::int[],
        ${chunks.map((chunk) => chunk.plainLength)}::int[]
      ) as fresh(chunk_id, pack_offset, record_length, plain_length)
      on conflict (vault_id, chunk_id) do update set
        pack_id = case when c.state = 'live' then c.pack_id else excluded.pack_id end,
        pack_offset = case when c.state = 'live' then c.pack_offset else excluded.pack_offset end,
        record_length = case when c.state = 'live' then c.record_length else excluded.record_length end,
        touch_epoch = greatest(c.touch_epoch, excluded.touch_epoch),
        state = 'live', condemned_epoch = null, condemned_at = null
    ),
    manifests as (
      insert into storage.manifest (vault_id, manifest_id, size, profile, page_count, entries, wire_ids)
      select ${vaultId}::uuid, m.* from stored, unnest(
        ${byteaArray(manifests.map((manifest) => manifest.manifestId))},
        ${manifests.map((manifest) => manifest.size)}::bigint[],
        ${manifests.map((manifest) => manifest.profile)}::smallint[],
        ${manifests.map(() => 1)}::int[],
        ${byteaArray(manifests.map((manifest) => manifest.pages[0]?.entries ?? Buffer.alloc(0)))},
        ${byteaArray(manifests.map((manifest) => manifest.pages[0]?.wireIds ?? Buffer.alloc(0)))}
      ) as m
      on conflict (vault_id, manifest_id) do nothing
    ),
    refs as (
      insert into storage.reference (vault_id, reference_id, manifest_id)
      select ${vaultId}::uuid, r.* from stored, unnest(
        ${references.map((reference) => reference.referenceId)}::uuid[],
        ${byteaArray(references.map((reference) => reference.manifestId))}
      ) as r
      on conflict (vault_id, reference_id) do nothing
      returning reference_id
    )
    select (select count(*) from stored)::int as stored, (select count(*) from refs)::int as inserted`.execute(db)
  const row = rows[0]
  return row?.stored === 1 ? row.inserted : undefined
}
