import { sql } from 'kysely'
import type { StorageContext } from '../context.ts'
import {
  packKey,
  RECORD_HEADER_LENGTH,
  readPackTrailer,
  readRecordHeader,
  trailerCount,
  trailerLength
} from '../format/pack.ts'
import { asBuffer, hex } from '../format/uuid.ts'
import { markReachable } from '../gc/mark.ts'
import { insertChunks, locateChunks, type StoredChunk } from '../store/chunks.ts'
import { shareVault } from '../store/vaults.ts'

/**
 * Chunk rows that are needed but gone, found again in the trailers of stored packs. Adds rows only. Returns how
 * many came back.
 */
export const rebuildRows = async (context: StorageContext, vaultId: string): Promise<number> => {
  const missing = await missingRows(context, vaultId)
  if (missing.size === 0) return 0
  const { rows: packs } = await sql<{ pack_id: string; bytes: number }>`
    select pack_id, bytes from storage.pack where vault_id = ${vaultId} and state = 'stored'`.execute(
    context.database.query
  )
  let rebuilt = 0
  for (const pack of packs) {
    const found = await findIn(context, { vaultId, packId: pack.pack_id, bytes: pack.bytes }, missing)
    if (found.length === 0) continue
    await context.database.transaction(async (tx) => {
      const epoch = await shareVault(tx, vaultId)
      await insertChunks(tx, vaultId, { packId: pack.pack_id, epoch, chunks: found })
    })
    for (const chunk of found) missing.delete(hex(chunk.chunkId))
    rebuilt += found.length
  }
  return rebuilt
}

const missingRows = async (context: StorageContext, vaultId: string): Promise<Set<string>> => {
  const reachable = [...(await markReachable(context, vaultId))]
  const missing = new Set<string>()
  for (let at = 0; at < reachable.length; at += 1000) {
    const part = reachable.slice(at, at + 1000)
    const known = await locateChunks(
      context.database.query,
      vaultId,
      part.map((id) => Buffer.from(id, 'hex'))
    )
    for (const id of part) if (!known.has(id)) missing.add(id)
  }
  return missing
}

const findIn = async (
  context: StorageContext,
  pack: { vaultId: string; packId: string; bytes: number },
  missing: ReadonlySet<string>
): Promise<StoredChunk[]> => {
  const key = packKey(pack.vaultId, pack.packId)
  if ((await context.blobs.size(key)) !== pack.bytes || pack.bytes < 16) return []
  const count = trailerCount(asBuffer(await context.blobs.read(key, pack.bytes - 16, 16)))
  if (count === undefined || trailerLength(count) > pack.bytes) return []
  const length = trailerLength(count)
  const entries = readPackTrailer(asBuffer(await context.blobs.read(key, pack.bytes - length, length))) ?? []
  const found: StoredChunk[] = []
  for (const entry of entries) {
    if (!missing.has(hex(entry.chunkId))) continue
    const header = readRecordHeader(asBuffer(await context.blobs.read(key, entry.offset, RECORD_HEADER_LENGTH)))
    if (!header || hex(header.chunkId) !== hex(entry.chunkId)) continue
    found.push({ ...entry, plainLength: header.plainLength })
  }
  return found
}
