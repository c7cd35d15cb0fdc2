import { BlobError } from '@cairn/blob-store'
import { CairnError, type ReadSource } from '@cairn/contracts'
import { CodecError } from '../codec/codec.ts'
import { type ChunkCipher, openRecord } from '../codec/seal-chunk.ts'
import { matchesId } from '../codec/verify.ts'
import type { StorageContext } from '../context.ts'
import { chunkKeyOf, type VaultKeys } from '../crypto/vault-keys.ts'
import { packKey, readRecordHeader } from '../format/pack.ts'
import { asBuffer, hex, uuidToBytes } from '../format/uuid.ts'
import type { SlotArena } from '../ingest/slot-arena.ts'
import { type ChunkLocation, markSuspect } from '../store/chunks.ts'
import type { PageLocator } from './locate.ts'
import type { ChunkRead } from './plan.ts'

export interface ChunkReader {
  readonly context: StorageContext
  readonly locator: PageLocator
  readonly keys: VaultKeys
  readonly source: ReadSource
}

/** Up to here opening on this thread is cheaper than a worker's round trip, and no slot is needed. */
export const INLINE_OPEN = 64 * 1024

/** Where a large chunk is read to and opened. */
export interface ReadRoom {
  readonly arena: SlotArena
  readonly slot: number
}

/**
 * The verified plain bytes of one chunk; in the slot's memory when large. A failure is retried once at the place the
 * database names now (compaction may have moved it); a second one marks the chunk suspect.
 */
export const readChunk = async (reader: ChunkReader, read: ChunkRead, room: ReadRoom | undefined): Promise<Buffer> => {
  const place = read.page.locations.get(hex(read.entry.chunkId))
  try {
    return await openAt(reader, { read, place }, room)
  } catch (error) {
    if (!isDamage(error)) throw unreadable(error)
    const page = await reader.locator.refresh(reader.source, read.offset)
    const now = page.locations.get(hex(read.entry.chunkId))
    try {
      return await openAt(reader, { read, place: now }, room)
    } catch (again) {
      if (!isDamage(again)) throw unreadable(again)
      await report(reader, { read, place: now }, again)
      throw new CairnError('content_damaged', 'A stored piece of this file is missing or damaged.', { cause: again })
    }
  }
}

interface Placed {
  readonly read: ChunkRead
  readonly place: ChunkLocation | undefined
}

const openAt = async (reader: ChunkReader, { read, place }: Placed, room: ReadRoom | undefined): Promise<Buffer> => {
  if (!place) throw new CodecError('no chunk row')
  const { context, keys, source } = reader
  const key = packKey(source.vaultId, place.packId)
  const plainLength = read.entry.length
  if (room) {
    const into = room.arena.room(room.slot).subarray(0, place.recordLength)
    await context.blobs.read(key, place.offset, place.recordLength, { into })
    const cipher = cipherFor(keys, read.entry.chunkId, into)
    const length = await context.codec.open({ ...room, plainLength }, cipher, keys.idKey)
    return room.arena.room(room.slot).subarray(0, length)
  }
  const into = asBuffer(await context.blobs.read(key, place.offset, place.recordLength))
  const cipher = cipherFor(keys, read.entry.chunkId, into)
  const plain = openRecord(into, cipher, plainLength)
  if (typeof plain === 'string') throw new CodecError(plain)
  if (!matchesId(plain, read.entry.chunkId, { hasher: context.hasher, idKey: keys.idKey })) {
    throw new CodecError('wrong id')
  }
  return plain
}

/** The record says which key version sealed it. */
export const cipherFor = (keys: VaultKeys, chunkId: Uint8Array, record: Buffer): ChunkCipher => {
  const keyVersion = readRecordHeader(record)?.keyVersion
  const secret = keyVersion === undefined ? undefined : keys.chunkKeys.get(keyVersion)
  if (keyVersion === undefined || !secret) throw new CodecError('no record')
  return { vault: uuidToBytes(keys.vaultId), chunkId, key: chunkKeyOf(secret, chunkId), keyVersion }
}

const isDamage = (error: unknown): boolean =>
  error instanceof CodecError ||
  (error instanceof BlobError && (error.code === 'not_found' || error.code === 'truncated'))

const unreadable = (error: unknown): unknown =>
  error instanceof BlobError
    ? new CairnError('unavailable', 'Stored content cannot be reached now.', { cause: error, retryAfter: 2 })
    : error

const report = async (reader: ChunkReader, { read, place }: Placed, error: unknown): Promise<void> => {
  const { context, source } = reader
  context.logger.error(
    {
      err: error,
      vaultId: source.vaultId,
      manifestId: hex(source.manifestId),
      packId: place?.packId,
      offset: read.offset
    },
    'stored content is damaged'
  )
  if (place) {
    await markSuspect(context.database.query, source.vaultId, { chunkId: read.entry.chunkId, packId: place.packId })
  }
}
