import { sql } from 'kysely'
import type { StorageContext } from '../context.ts'
import { closeUpload } from '../store/uploads.ts'
import { markReachable } from './mark.ts'
import { condemnChunks, reapChunks } from './sweep-chunks.ts'
import { deleteManifests } from './sweep-manifests.ts'
import { sweepPacks } from './sweep-packs.ts'
import { withVaultLock } from './with-vault-lock.ts'

export interface CollectionReport {
  readonly vaultId: string
  readonly epoch: number
  readonly expiredUploads: number
  readonly reapedChunks: number
  readonly condemnedChunks: number
  readonly deletedManifests: number
  readonly deletedPacks: number
}

/** One collection of one vault; see docs/storage.md. Safe beside any writer, and beside another collection. */
export const collect = async (context: StorageContext, vaultId: string): Promise<CollectionReport> => {
  const expiredUploads = await expireUploads(context, vaultId)
  const epoch = await bumpEpoch(context, vaultId)
  const reachable = await markReachable(context, vaultId)
  const sweep = { vaultId, epoch, reachable }
  const reapedChunks = await reapChunks(context, sweep)
  const condemnedChunks = await condemnChunks(context, sweep)
  const deletedManifests = await deleteManifests(context, vaultId)
  const deletedPacks = await sweepPacks(context, vaultId)
  return { vaultId, epoch, expiredUploads, reapedChunks, condemnedChunks, deletedManifests, deletedPacks }
}

const bumpEpoch = (context: StorageContext, vaultId: string): Promise<number> =>
  withVaultLock(context, vaultId, async (tx, before) => {
    const epoch = before + 1
    await sql`update storage.vault set gc_epoch = ${epoch} where vault_id = ${vaultId}`.execute(tx)
    return epoch
  })

const expireUploads = async (context: StorageContext, vaultId: string): Promise<number> => {
  const { rows } = await sql<{ upload_id: string }>`
    select upload_id from storage.upload
    where vault_id = ${vaultId} and lease_until < now()`.execute(context.database.query)
  for (const { upload_id: uploadId } of rows) {
    await context.database.transaction(async (tx) => {
      const { rows: locked } = await sql`
        select from storage.upload
        where vault_id = ${vaultId} and upload_id = ${uploadId} and lease_until < now() for update`.execute(tx)
      if (locked.length === 0) return
      await closeUpload(tx, vaultId, { uploadId, state: 'expired' })
      await sql`delete from storage.upload where vault_id = ${vaultId} and upload_id = ${uploadId}`.execute(tx)
    })
  }
  return rows.length
}
