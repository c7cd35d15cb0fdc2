import { sql } from 'kysely'
import type { StorageContext } from '../context.ts'
import { packKey, readRecordHeader } from '../format/pack.ts'
import { asBuffer, hex } from '../format/uuid.ts'
import { PackBuilder } from '../ingest/pack-builder.ts'
import { byteaArray } from '../store/bytes.ts'
import type { StoredChunk } from '../store/chunks.ts'
import { markStored } from '../store/packs.ts'
import { shareVault } from '../store/vaults.ts'

/** Packs below this share of live bytes are rewritten. */
const SPARSE = 0.6
/** Packs below this size are merged when there are several. */
const TINY = 4 * 1024 * 1024
const MERGE_TARGET = 16 * 1024 * 1024
const MERGE_LEAST = 8

interface Candidate {
  readonly packId: string
  readonly live: number
  readonly tiny: boolean
}

/**
 * Copies the live records of sparse and tiny packs, verbatim, into new packs. A chunk's row moves only if
 * it still points at the old pack; the old pack then has no rows and is swept by a later collection. Readers that
 * looked a chunk up before find it once more. Returns the packs emptied.
 */
export const compact = async (context: StorageContext, vaultId: string, signal: AbortSignal): Promise<number> => {
  const candidates = await findCandidates(context, vaultId)
  let emptied = 0
  for (const group of groups(candidates)) {
    signal.throwIfAborted()
    await rewrite(context, vaultId, group)
    emptied += group.length
  }
  return emptied
}

const findCandidates = async (context: StorageContext, vaultId: string): Promise<Candidate[]> => {
  const { rows } = await sql<{ pack_id: string; bytes: number; live: number }>`
    select p.pack_id, p.bytes, coalesce(sum(c.record_length), 0)::bigint as live
    from storage.pack p join storage.chunk c on c.vault_id = p.vault_id and c.pack_id = p.pack_id
    where p.vault_id = ${vaultId} and p.state = 'stored' and c.state <> 'condemned'
    group by p.pack_id, p.bytes
    having coalesce(sum(c.record_length), 0) < p.bytes * ${SPARSE}::float8 or p.bytes < ${TINY}
    order by live`.execute(context.database.query)
  return rows.map((row) => ({ packId: row.pack_id, live: row.live, tiny: row.live >= row.bytes * SPARSE }))
}

/** Packs whose live bytes fill one new pack. A few tiny ones are left alone: merging them costs more than it saves. */
const groups = (candidates: readonly Candidate[]): Candidate[][] => {
  const made: Candidate[][] = []
  let group: Candidate[] = []
  let bytes = 0
  for (const candidate of candidates) {
    group.push(candidate)
    bytes += candidate.live
    if (bytes >= MERGE_TARGET || group.length >= 512) {
      made.push(group)
      group = []
      bytes = 0
    }
  }
  if (group.some((candidate) => !candidate.tiny) || group.length >= MERGE_LEAST) made.push(group)
  return made
}

const rewrite = async (context: StorageContext, vaultId: string, group: readonly Candidate[]): Promise<void> => {
  const packIds = group.map((candidate) => candidate.packId)
  const { rows } = await sql<{
    chunk_id: Uint8Array
    pack_id: string
    pack_offset: number
    record_length: number
    plain_length: number
  }>`
    select chunk_id, pack_id, pack_offset, record_length, plain_length from storage.chunk
    where vault_id = ${vaultId} and pack_id = any(${packIds}::uuid[]) and state = 'live'
    order by pack_id, pack_offset`.execute(context.database.query)
  if (rows.length === 0) return
  const pack = await PackBuilder.open(context, vaultId)
  try {
    for (const row of rows) {
      const record = await context.blobs.read(packKey(vaultId, row.pack_id), row.pack_offset, row.record_length)
      const header = readRecordHeader(asBuffer(record))
      if (!header || hex(header.chunkId) !== hex(row.chunk_id)) {
        throw new Error(`pack ${row.pack_id} holds another record at ${row.pack_offset}: left as it is`)
      }
      await pack.add(record, { chunkId: row.chunk_id, plainLength: row.plain_length })
    }
    const durable = await pack.finish()
    await moveRows(context, vaultId, { packIds, to: durable.packId, bytes: durable.bytes, chunks: durable.chunks })
  } catch (error) {
    await pack.discard()
    throw error
  }
}

const moveRows = (
  context: StorageContext,
  vaultId: string,
  move: { packIds: readonly string[]; to: string; bytes: number; chunks: readonly StoredChunk[] }
): Promise<void> =>
  context.database.transaction(async (tx) => {
    await shareVault(tx, vaultId)
    await markStored(tx, vaultId, { packId: move.to, bytes: move.bytes })
    await sql`
      update storage.chunk c set pack_id = ${move.to}::uuid, pack_offset = moved.pack_offset
      from unnest(
        ${byteaArray(move.chunks.map((chunk) => chunk.chunkId))},
        ${move.chunks.map((chunk) => chunk.offset)}::int[]
      ) as moved(chunk_id, pack_offset)
      where c.vault_id = ${vaultId} and c.chunk_id = moved.chunk_id and c.pack_id = any(${[...move.packIds]}::uuid[])`.execute(
      tx
    )
  })
