import { create } from '@bufbuild/protobuf'
import { CairnError, StorageService, storageV1 } from '@cairn/contracts'
import { bindRpc, type RpcBinding } from '@cairn/service'
import type { StorageContext } from '../context.ts'
import { copyReferences } from '../copy-references.ts'
import { isLentPurpose } from '../crypto/vault-keys.ts'
import { have } from '../have.ts'
import { PROFILE } from '../manifest.ts'
import { seal } from '../seal.ts'
import { deleteReferences } from '../store/references.ts'
import { closeUpload, getUpload, openUpload, type UploadRow } from '../store/uploads.ts'

const HAVE_LIMIT = 1000
const WIRE_ID = 32

export const storageRpc = (context: StorageContext): RpcBinding =>
  bindRpc(StorageService, {
    getVault: async ({ vaultId }) => {
      const keys = await context.vaults.keys(vaultId)
      return { profile: PROFILE, chunkingKey: keys.chunkingKey }
    },
    deriveVaultKey: async ({ vaultId, purpose }) => {
      if (!isLentPurpose(purpose)) throw new CairnError('invalid_request', 'Keys are lent for known purposes only.')
      return { key: (await context.vaults.keys(vaultId)).lent[purpose] }
    },
    openUpload: async ({ vaultId, uploadId, leaseSeconds }) => {
      await context.vaults.keys(vaultId)
      return uploadState(await openUpload(context.database.query, vaultId, { uploadId, leaseSeconds }))
    },
    getUpload: async ({ vaultId, uploadId }) => uploadState(await getUpload(context.database.query, vaultId, uploadId)),
    abortUpload: async ({ vaultId, uploadId }) => {
      await context.database.transaction((tx) => closeUpload(tx, vaultId, { uploadId, state: 'expired' }))
      return {}
    },
    have: async ({ vaultId, uploadId, wireIds }) => {
      if (wireIds.length > HAVE_LIMIT || wireIds.some((id) => id.length !== WIRE_ID)) {
        throw new CairnError('invalid_request', `Ask for at most ${HAVE_LIMIT} ids of ${WIRE_ID} bytes.`)
      }
      return { need: await have(context, { vaultId, uploadId }, wireIds) }
    },
    seal: async ({ vaultId, uploadId, items, close }) => {
      const wishes = items.map((item) => ({
        referenceId: item.referenceId,
        chunks: item.stream ? undefined : item.chunks
      }))
      const stored = await seal(context, { vaultId, uploadId }, { items: wishes, close })
      return {
        items: stored.map((item) =>
          create(storageV1.SealedContentSchema, {
            ...item,
            manifestId: new Uint8Array(item.manifestId),
            size: BigInt(item.size)
          })
        )
      }
    },
    copyReferences: async ({ vaultId, copies }) => {
      await copyReferences(context, vaultId, copies)
      return {}
    },
    releaseReferences: async ({ vaultId, referenceIds }) => {
      await deleteReferences(context.database.query, vaultId, referenceIds)
      return {}
    }
  })

const uploadState = (row: UploadRow) => ({
  durableOffset: BigInt(row.durableOffset),
  leaseUntilMs: BigInt(row.leaseUntil.getTime())
})
