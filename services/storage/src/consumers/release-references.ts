import type { Subscription } from '@cairn/bus'
import type { EventPayloads } from '@cairn/contracts'
import type { StorageContext } from '../context.ts'
import { deleteReferences } from '../store/references.ts'

/** Purged versions let go of their content. Idempotent; version ids are never reused. */
export const releaseReferencesConsumer = (context: StorageContext): Subscription => ({
  name: 'storage.release-references',
  topics: ['metadata.versions-purged'],
  handle: async (message) => {
    const { vaultId, versionIds } = message.payload as EventPayloads['metadata.versions-purged']
    await deleteReferences(context.database.query, vaultId, versionIds)
  }
})
