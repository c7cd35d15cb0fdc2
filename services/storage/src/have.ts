import { sql } from 'kysely'
import type { StorageContext } from './context.ts'
import { chunkIdOf } from './crypto/vault-keys.ts'
import { hex } from './format/uuid.ts'
import { byteaArray } from './store/bytes.ts'
import { touchChunks } from './store/chunks.ts'
import { insertPin } from './store/pins.ts'
import { advanceUpload, lockUpload } from './store/uploads.ts'
import type { Tx } from './store/vaults.ts'
import { shareVault } from './store/vaults.ts'

/** T_touch: pins what is there, answers the positions that are not. */
export const have = async (
  context: StorageContext,
  target: { vaultId: string; uploadId: string },
  wireIds: readonly Uint8Array[]
): Promise<number[]> => {
  const { vaultId, uploadId } = target
  const keys = await context.vaults.keys(vaultId)
  const chunkIds = wireIds.map((wireId) => chunkIdOf(keys, wireId))
  return context.database.transaction(async (tx) => {
    const epoch = await shareVault(tx, vaultId)
    const upload = await lockUpload(tx, vaultId, uploadId)
    const live = await touchChunks(tx, vaultId, { chunkIds, epoch })
    const need = chunkIds.flatMap((id, index) => (live.has(hex(id)) ? [] : [index]))
    const entries =
      live.size > 0
        ? await lengthsOf(
            tx,
            vaultId,
            chunkIds.filter((id) => live.has(hex(id)))
          )
        : []
    if (entries.length > 0) {
      await insertPin(tx, vaultId, { uploadId, pinNo: upload.pinCount, sequential: false, entries, wireIds: null })
    }
    await advanceUpload(tx, vaultId, {
      ...upload,
      uploadId,
      pinCount: upload.pinCount + (entries.length > 0 ? 1 : 0)
    })
    return need
  })
}

const lengthsOf = async (tx: Tx, vaultId: string, chunkIds: readonly Uint8Array[]) => {
  const { rows } = await sql<{ chunk_id: Uint8Array; plain_length: number }>`
    select chunk_id, plain_length from storage.chunk
    where vault_id = ${vaultId} and chunk_id = any(${byteaArray(chunkIds)})`.execute(tx)
  return rows.map((row) => ({ chunkId: row.chunk_id, length: row.plain_length }))
}
