import { sql } from 'kysely'
import { CodecError } from '../codec/codec.ts'
import { openRecord } from '../codec/seal-chunk.ts'
import { matchesId } from '../codec/verify.ts'
import type { StorageContext } from '../context.ts'
import type { VaultKeys } from '../crypto/vault-keys.ts'
import {
  isPackHeader,
  PACK_HEADER_LENGTH,
  packKey,
  readPackTrailer,
  trailerCount,
  trailerLength
} from '../format/pack.ts'
import { asBuffer, hex } from '../format/uuid.ts'
import { cipherFor } from '../read/read-chunk.ts'
import type { Finding } from './finding.ts'

interface PackRow {
  readonly pack_id: string
  readonly bytes: number
}

interface ChunkRow {
  readonly chunk_id: Uint8Array
  readonly pack_offset: number
  readonly record_length: number
  readonly plain_length: number
}

export interface PackCheck {
  readonly vaultId: string
  readonly keys: VaultKeys
  readonly level: number
  readonly onRead: (bytes: number) => void
  readonly onDamagedChunk: (chunkId: Uint8Array, packId: string) => Promise<void>
}

/** Levels 1 to 3 for one pack. */
export async function* checkPack(context: StorageContext, check: PackCheck, pack: PackRow): AsyncGenerator<Finding> {
  const problem = (level: 1 | 2 | 3, code: string, message: string): Finding => ({
    level,
    code,
    vaultId: check.vaultId,
    subject: pack.pack_id,
    message
  })
  const key = packKey(check.vaultId, pack.pack_id)
  const chunks = await chunksOf(context, check.vaultId, pack.pack_id)
  const size = await context.blobs.size(key)
  if (size !== pack.bytes) {
    yield problem(
      1,
      'pack_lost',
      size === undefined ? 'The object is missing.' : `It has ${size} bytes, not ${pack.bytes}.`
    )
    for (const chunk of chunks) await check.onDamagedChunk(chunk.chunk_id, pack.pack_id)
    return
  }
  if (check.level < 2) return
  const object = asBuffer(await context.blobs.read(key, 0, size))
  check.onRead(size)
  const structure = structureProblem(object, { vaultId: check.vaultId, packId: pack.pack_id, chunks })
  if (structure) yield problem(2, 'pack_structure', structure)
  if (check.level < 3) return
  for (const chunk of chunks) {
    const record = object.subarray(chunk.pack_offset, chunk.pack_offset + chunk.record_length)
    const wrong = chunkProblem(context, check.keys, { record, chunk })
    if (!wrong) continue
    yield problem(3, 'chunk_damaged', `Chunk ${hex(chunk.chunk_id)} at ${chunk.pack_offset}: ${wrong}.`)
    await check.onDamagedChunk(chunk.chunk_id, pack.pack_id)
  }
}

const chunksOf = async (context: StorageContext, vaultId: string, packId: string): Promise<ChunkRow[]> => {
  const { rows } = await sql<ChunkRow>`
    select chunk_id, pack_offset, record_length, plain_length from storage.chunk
    where vault_id = ${vaultId} and pack_id = ${packId} and state <> 'condemned' order by pack_offset`.execute(
    context.database.query
  )
  return rows
}

const structureProblem = (
  object: Buffer,
  expected: { vaultId: string; packId: string; chunks: readonly ChunkRow[] }
): string | undefined => {
  if (!isPackHeader(object.subarray(0, PACK_HEADER_LENGTH), expected.vaultId, expected.packId))
    return 'Its header is wrong.'
  const count = trailerCount(object.subarray(-16))
  const trailer = count === undefined ? undefined : readPackTrailer(object.subarray(-trailerLength(count)))
  if (!trailer) return 'Its trailer is damaged.'
  const listed = new Map(trailer.map((entry) => [hex(entry.chunkId), entry]))
  const stray = expected.chunks.find((chunk) => {
    const entry = listed.get(hex(chunk.chunk_id))
    return entry?.offset !== chunk.pack_offset || entry.recordLength !== chunk.record_length
  })
  return stray && `Chunk ${hex(stray.chunk_id)} is not where its row says.`
}

const chunkProblem = (
  context: StorageContext,
  keys: VaultKeys,
  { record, chunk }: { record: Buffer; chunk: ChunkRow }
): string | undefined => {
  try {
    const plain = openRecord(record, cipherFor(keys, chunk.chunk_id, record), chunk.plain_length)
    if (typeof plain === 'string') return plain
    return matchesId(plain, chunk.chunk_id, { hasher: context.hasher, idKey: keys.idKey }) ? undefined : 'wrong id'
  } catch (error) {
    if (error instanceof CodecError) return error.message
    throw error
  }
}
