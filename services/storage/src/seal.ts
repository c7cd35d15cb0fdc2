import { CairnError, type StoredContent, type UploadTarget } from '@cairn/contracts'
import type { StorageContext } from './context.ts'
import { openBox } from './crypto/sealed-box.ts'
import { chunkIdOf, type VaultKeys } from './crypto/vault-keys.ts'
import { hex } from './format/uuid.ts'
import { registerSegment } from './ingest/register.ts'
import { identify, storeChunks } from './ingest/seal-small.ts'
import { openTail } from './ingest/tail.ts'
import { buildManifest, type ContentChunk, WIRE_IDS_AAD } from './manifest.ts'
import { requireLive, touchChunks } from './store/chunks.ts'
import { insertManifests } from './store/manifests.ts'
import { type Pin, readPins } from './store/pins.ts'
import { findReferences, insertReferences } from './store/references.ts'
import { closeUpload, getUpload, lockUpload } from './store/uploads.ts'
import { shareVault, type Tx } from './store/vaults.ts'

export interface SealWish {
  readonly referenceId: string
  /** Undefined = the upload's own stream. */
  readonly chunks: readonly { readonly wireId: Uint8Array; readonly length: number }[] | undefined
}

/** Pins → manifests and references, in one transaction. Idempotent by reference id. */
export const seal = async (
  context: StorageContext,
  target: UploadTarget,
  wish: { items: readonly SealWish[]; close: boolean }
): Promise<StoredContent[]> => {
  const { vaultId, uploadId } = target
  const ids = wish.items.map((item) => item.referenceId)
  const known = await findReferences(context.database.query, vaultId, ids)
  if (known.size === new Set(ids).size) return ids.map((id) => known.get(id) ?? lost(id))
  const keys = await context.vaults.keys(vaultId)
  if (wish.items.some((item) => !item.chunks)) await cutTail(context, target, keys)
  return context.database.transaction(async (tx) => {
    const epoch = await shareVault(tx, vaultId)
    await lockUpload(tx, vaultId, uploadId)
    const pins = await readPins(tx, vaultId, uploadId)
    const contents = wish.items.map((item) => (item.chunks ? proven(keys, pins, item.chunks) : streamOf(keys, pins)))
    await confirmLive(tx, vaultId, { epoch, chunks: contents.flat() })
    const manifests = contents.map((chunks) => buildManifest(keys, chunks, context.random))
    await insertManifests(tx, vaultId, manifests)
    await insertReferences(
      tx,
      vaultId,
      manifests.map(({ manifestId }, index) => ({ manifestId, referenceId: ids[index] ?? lost(String(index)) }))
    )
    if (wish.close) await closeUpload(tx, vaultId, { uploadId, state: 'sealed' })
    const sealed = await findReferences(tx, vaultId, ids)
    return ids.map((id) => sealed.get(id) ?? lost(id))
  })
}

export const sealStream = async (
  context: StorageContext,
  target: UploadTarget,
  referenceId: string
): Promise<StoredContent> => {
  const [stored] = await seal(context, target, { items: [{ referenceId, chunks: undefined }], close: true })
  return stored ?? lost(referenceId)
}

const lost = (id: string): never => {
  throw new Error(`reference ${id} is not there after it was written`)
}

/** The bytes behind the last chunk become the stream's final chunk. */
const cutTail = async (context: StorageContext, target: UploadTarget, keys: VaultKeys): Promise<void> => {
  const { vaultId, uploadId } = target
  const upload = await getUpload(context.database.query, vaultId, uploadId)
  if (!upload.tail) return
  const tail = identify(context, keys, openTail(keys, uploadId, upload.tail))
  const segment = await storeChunks(context, keys, [tail])
  const cursor = { vaultId, uploadId, keys, durableOffset: upload.durableOffset }
  await registerSegment(context, cursor, { segment, tail: undefined, offset: upload.durableOffset })
}

const streamOf = (keys: VaultKeys, pins: readonly Pin[]): ContentChunk[] =>
  pins
    .filter((pin) => pin.sequential)
    .flatMap((pin) => {
      const wireIds = openBox(keys.manifestKey, pin.wireIds ?? Buffer.alloc(0), WIRE_IDS_AAD)
      return pin.entries.map((entry, index) => ({ ...entry, wireId: wireIds.subarray(index * 32, index * 32 + 32) }))
    })

/** Proof of possession: only chunks this upload has pinned can be committed; an id alone buys nothing. */
const proven = (
  keys: VaultKeys,
  pins: readonly Pin[],
  chunks: readonly { readonly wireId: Uint8Array; readonly length: number }[]
): ContentChunk[] => {
  const pinned = new Map(pins.flatMap((pin) => pin.entries.map((entry) => [hex(entry.chunkId), entry.length])))
  return chunks.map(({ wireId, length }, index) => {
    const chunkId = chunkIdOf(keys, wireId)
    if (pinned.get(hex(chunkId)) !== length) {
      throw new CairnError('chunk_missing', `Chunk ${index} has not been sent in this upload.`, { details: { index } })
    }
    return { chunkId, wireId, length }
  })
}

/** The protocol implies it (lease and pins); kept as a tripwire. */
const confirmLive = async (
  tx: Tx,
  vaultId: string,
  check: { epoch: number; chunks: readonly ContentChunk[] }
): Promise<void> => {
  const chunkIds = check.chunks.map((chunk) => chunk.chunkId)
  requireLive(await touchChunks(tx, vaultId, { chunkIds, epoch: check.epoch }), chunkIds)
}
