import { sealCopy } from '../codec/seal-chunk.ts'
import type { StorageContext } from '../context.ts'
import { chunkIdOf, chunkKeyOf, type VaultKeys } from '../crypto/vault-keys.ts'
import { hex, uuidToBytes } from '../format/uuid.ts'
import type { ContentChunk } from '../manifest.ts'
import { findLive } from '../store/chunks.ts'
import { PackBuilder } from './pack-builder.ts'
import type { StoredSegment } from './segment.ts'

/** A chunk whose bytes are at hand. */
export interface PlainChunk extends ContentChunk {
  readonly bytes: Uint8Array
}

export const identify = (context: StorageContext, keys: VaultKeys, bytes: Uint8Array): PlainChunk => {
  const wireId = context.hasher.hash(bytes)
  return { wireId, chunkId: chunkIdOf(keys, wireId), length: bytes.length, bytes }
}

/**
 * Stores chunks held in memory, those the vault lacks, as one pack. Durable when resolved, not yet referenced.
 * Sealed on this thread: meant for small chunks or few.
 */
export const storeChunks = async (
  context: StorageContext,
  keys: VaultKeys,
  chunks: readonly PlainChunk[]
): Promise<StoredSegment> => {
  const distinct = new Map(chunks.map((chunk) => [hex(chunk.chunkId), chunk]))
  const ids = [...distinct.values()].map((chunk) => chunk.chunkId)
  const live = await findLive(context.database.query, keys.vaultId, ids)
  const fresh = [...distinct].filter(([name]) => !live.has(name)).map(([, chunk]) => chunk)
  const present = ids.filter((id) => live.has(hex(id)))
  if (fresh.length === 0) return { chunks, present, pack: undefined }
  const pack = await PackBuilder.open(context, keys.vaultId)
  try {
    for (const group of groupsOf(fresh)) {
      await Promise.all(
        group.map((chunk) =>
          pack.add(sealPlain(context, keys, chunk), { chunkId: chunk.chunkId, plainLength: chunk.length })
        )
      )
    }
    return { chunks, present, pack: await pack.finish() }
  } catch (error) {
    await pack.discard()
    throw error
  }
}

/** Sealed copies held at once, bytes: small contents are written together, large ones one after the other. */
const SEALED_AT_ONCE = 2 * 1024 * 1024

const groupsOf = (chunks: readonly PlainChunk[]): PlainChunk[][] => {
  const groups: PlainChunk[][] = []
  let bytes = Number.POSITIVE_INFINITY
  for (const chunk of chunks) {
    bytes += chunk.length
    if (bytes > SEALED_AT_ONCE) {
      groups.push([])
      bytes = chunk.length
    }
    groups.at(-1)?.push(chunk)
  }
  return groups
}

const sealPlain = (context: StorageContext, keys: VaultKeys, chunk: PlainChunk): Buffer => {
  const secret = keys.chunkKeys.get(keys.currentVersion)
  if (!secret) throw new Error('the vault has no current chunk key')
  return sealCopy(chunk.bytes, {
    vault: uuidToBytes(keys.vaultId),
    chunkId: chunk.chunkId,
    key: chunkKeyOf(secret, chunk.chunkId),
    keyVersion: keys.currentVersion,
    nonce: context.random.bytes(12)
  })
}
