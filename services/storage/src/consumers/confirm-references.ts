import type { Subscription } from '@cairn/bus'
import type { EventPayloads } from '@cairn/contracts'
import type { StorageContext } from '../context.ts'
import { confirmReferences } from '../store/references.ts'

/** A committed version's reference needs no reconciling any more. Idempotent. */
export const confirmReferencesConsumer = (context: StorageContext): Subscription => ({
  name: 'storage.confirm-references',
  topics: ['metadata.versions-committed'],
  handle: async (message) => {
    const { vaultId, versionIds } = message.payload as EventPayloads['metadata.versions-committed']
    await confirmReferences(context.database.query, vaultId, versionIds)
  }
})
