import { CairnError, type ChunkFrame, type UploadTarget } from '@cairn/contracts'
import type { StorageContext } from '../context.ts'
import { storageFailure } from '../errors.ts'
import { MAX_CHUNK } from '../format/limits.ts'
import { insertPin } from '../store/pins.ts'
import { advanceUpload, lockUpload } from '../store/uploads.ts'
import { referenceSegment } from './register.ts'
import { identify, storeChunks } from './seal-small.ts'

/** See StorageData.putFrames. */
export const putFrames = async (
  context: StorageContext,
  target: UploadTarget,
  frames: readonly ChunkFrame[]
): Promise<void> => {
  if (frames.length === 0) return
  const { vaultId, uploadId } = target
  const keys = await context.vaults.keys(vaultId)
  const chunks = frames.map((frame, index) => {
    const chunk = identify(context, keys, frame.bytes)
    if (Buffer.compare(chunk.wireId, frame.wireId) !== 0 || chunk.length === 0 || chunk.length > MAX_CHUNK) {
      throw new CairnError('chunk_corrupt', `Frame ${index} does not match its id or is not a chunk.`)
    }
    return chunk
  })
  try {
    const segment = await storeChunks(context, keys, chunks)
    await context.database.transaction(async (tx) => {
      await referenceSegment(tx, vaultId, segment)
      const upload = await lockUpload(tx, vaultId, uploadId)
      await insertPin(tx, vaultId, {
        uploadId,
        pinNo: upload.pinCount,
        sequential: false,
        entries: chunks,
        wireIds: null
      })
      await advanceUpload(tx, vaultId, { ...upload, uploadId, pinCount: upload.pinCount + 1 })
    })
  } catch (error) {
    throw storageFailure(error)
  }
}
