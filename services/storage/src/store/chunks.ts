import { CairnError } from '@cairn/contracts'
import { type Kysely, sql } from 'kysely'
import type { StorageTables } from '../db/tables.ts'
import { asBuffer, hex } from '../format/uuid.ts'
import { byteaArray } from './bytes.ts'
import type { Tx } from './vaults.ts'

export interface StoredChunk {
  readonly chunkId: Uint8Array
  readonly plainLength: number
  readonly offset: number
  readonly recordLength: number
}

/** Which of these are live now. A hint only: must be confirmed by touchChunks under the vault's lock. */
export const findLive = async (
  db: Kysely<StorageTables>,
  vaultId: string,
  chunkIds: readonly Uint8Array[]
): Promise<Set<string>> => {
  if (chunkIds.length === 0) return new Set()
  const { rows } = await sql<{ chunk_id: Uint8Array }>`
    select chunk_id from storage.chunk
    where vault_id = ${vaultId} and chunk_id = any(${byteaArray(chunkIds)}) and state = 'live'`.execute(db)
  return new Set(rows.map((row) => hex(row.chunk_id)))
}

/**
 * Caller holds the vault's KEY SHARE lock and read `epoch` under it. Returns the ids that are live, touched.
 * Rows are locked in id order, as everywhere.
 */
export const touchChunks = async (
  tx: Tx,
  vaultId: string,
  touch: { chunkIds: readonly Uint8Array[]; epoch: number }
): Promise<Set<string>> => {
  const live = await findLive(tx, vaultId, touch.chunkIds)
  const ids = sortedUnique(touch.chunkIds).filter((id) => live.has(hex(id)))
  if (ids.length > 0) {
    await sql`
      with stale as (
        select chunk_id from storage.chunk
        where vault_id = ${vaultId} and chunk_id = any(${byteaArray(ids)}) and touch_epoch < ${touch.epoch}
        order by chunk_id for update
      )
      update storage.chunk set touch_epoch = ${touch.epoch} from stale
      where chunk.vault_id = ${vaultId} and chunk.chunk_id = stale.chunk_id`.execute(tx)
  }
  return live
}

export const requireLive = (live: ReadonlySet<string>, chunkIds: readonly Uint8Array[]): void => {
  if (chunkIds.some((id) => !live.has(hex(id)))) {
    throw new CairnError('unavailable', 'Stored content changed meanwhile; continue the upload.', { retryAfter: 1 })
  }
}

/**
 * Chunk rows of a freshly stored pack. A live row wins (its bytes are the same); a condemned or suspect one takes
 * the fresh location and lives again.
 */
export const insertChunks = async (
  tx: Tx,
  vaultId: string,
  fresh: { packId: string; epoch: number; chunks: readonly StoredChunk[] }
): Promise<void> => {
  if (fresh.chunks.length === 0) return
  const chunks = [...fresh.chunks].sort((a, b) => Buffer.compare(a.chunkId, b.chunkId))
  await sql`
    insert into storage.chunk
      (vault_id, chunk_id, pack_id, pack_offset, record_length, plain_length, touch_epoch)
    select ${vaultId}::uuid, chunk_id, ${fresh.packId}::uuid, pack_offset, record_length, plain_length, ${fresh.epoch}
    from unnest(
      ${byteaArray(chunks.map((chunk) => chunk.chunkId))},
      ${chunks.map((chunk) => chunk.offset)}::int[],
      ${chunks.map((chunk) => chunk.recordLength)}::int[],
      ${chunks.map((chunk) => chunk.plainLength)}::int[]
    ) as fresh(chunk_id, pack_offset, record_length, plain_length)
    on conflict (vault_id, chunk_id) do update set
      pack_id = case when chunk.state = 'live' then chunk.pack_id else excluded.pack_id end,
      pack_offset = case when chunk.state = 'live' then chunk.pack_offset else excluded.pack_offset end,
      record_length = case when chunk.state = 'live' then chunk.record_length else excluded.record_length end,
      touch_epoch = greatest(chunk.touch_epoch, excluded.touch_epoch),
      state = 'live', condemned_epoch = null, condemned_at = null`.execute(tx)
}

export interface ChunkLocation {
  readonly packId: string
  readonly offset: number
  readonly recordLength: number
}

/** Where chunks are now; suspect and condemned rows still serve reads. */
export const locateChunks = async (
  db: Kysely<StorageTables>,
  vaultId: string,
  chunkIds: readonly Uint8Array[]
): Promise<Map<string, ChunkLocation>> => {
  const { rows } = await sql<{ chunk_id: Uint8Array; pack_id: string; pack_offset: number; record_length: number }>`
    select chunk_id, pack_id, pack_offset, record_length from storage.chunk
    where vault_id = ${vaultId} and chunk_id = any(${byteaArray(chunkIds)})`.execute(db)
  return new Map(
    rows.map((row) => [
      hex(row.chunk_id),
      { packId: row.pack_id, offset: row.pack_offset, recordLength: row.record_length }
    ])
  )
}

/** A read failed here: the next upload of the same bytes stores them anew. */
export const markSuspect = async (
  db: Kysely<StorageTables>,
  vaultId: string,
  suspect: { chunkId: Uint8Array; packId: string }
): Promise<void> => {
  await sql`
    update storage.chunk set state = 'suspect'
    where vault_id = ${vaultId} and chunk_id = ${asBuffer(suspect.chunkId)} and pack_id = ${suspect.packId}
      and state = 'live'`.execute(db)
}

const sortedUnique = (ids: readonly Uint8Array[]): Uint8Array[] => {
  const unique = new Map(ids.map((id) => [hex(id), id]))
  return [...unique.values()].sort(Buffer.compare)
}
