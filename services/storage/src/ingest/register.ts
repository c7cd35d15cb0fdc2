import { CairnError } from '@cairn/contracts'
import type { StorageContext } from '../context.ts'
import type { VaultKeys } from '../crypto/vault-keys.ts'
import { sealWireIds } from '../manifest.ts'
import { insertChunks, requireLive, touchChunks } from '../store/chunks.ts'
import { markStored } from '../store/packs.ts'
import { insertPin } from '../store/pins.ts'
import { advanceUpload, lockUpload } from '../store/uploads.ts'
import { shareVault, type Tx } from '../store/vaults.ts'
import type { StoredSegment } from './segment.ts'

/** Chunk rows of a segment, and proof under the vault's lock that what was thought present still is. */
export const referenceSegment = async (tx: Tx, vaultId: string, segment: StoredSegment): Promise<void> => {
  const epoch = await shareVault(tx, vaultId)
  if (segment.pack) {
    await markStored(tx, vaultId, segment.pack)
    await insertChunks(tx, vaultId, { packId: segment.pack.packId, epoch, chunks: segment.pack.chunks })
  }
  if (segment.present.length > 0) {
    requireLive(await touchChunks(tx, vaultId, { chunkIds: segment.present, epoch }), segment.present)
  }
}

export interface UploadCursor {
  readonly vaultId: string
  readonly uploadId: string
  readonly keys: VaultKeys
  /** Where the stream stands in the database; register refuses when it stands elsewhere. */
  durableOffset: number
}

/**
 * T_register: the segment's chunks become referenced (pinned) and the upload's offset moves, in one transaction.
 * `tail` are the bytes behind the last chunk, sealed.
 */
export const registerSegment = async (
  context: StorageContext,
  cursor: UploadCursor,
  step: { segment: StoredSegment; tail: Uint8Array | undefined; offset: number }
): Promise<void> => {
  const { segment } = step
  const { vaultId, uploadId, keys } = cursor
  const wireIds = sealWireIds(keys, segment.chunks, context.random)
  await context.database.transaction(async (tx) => {
    await referenceSegment(tx, vaultId, segment)
    const upload = await lockUpload(tx, vaultId, uploadId)
    if (upload.durableOffset !== cursor.durableOffset) {
      throw new CairnError('locked', 'Another request is writing this upload.')
    }
    if (segment.chunks.length > 0) {
      await insertPin(tx, vaultId, {
        uploadId,
        pinNo: upload.pinCount,
        sequential: true,
        entries: segment.chunks,
        wireIds
      })
    }
    await advanceUpload(tx, vaultId, {
      uploadId,
      durableOffset: step.offset,
      pinCount: upload.pinCount + (segment.chunks.length > 0 ? 1 : 0),
      tail: step.tail ?? null
    })
  })
  cursor.durableOffset = step.offset
}
