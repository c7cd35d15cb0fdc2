import type { Subscription } from '@cairn/bus'
import type { EventPayloads } from '@cairn/contracts'
import type { PreviewContext } from '../context.ts'
import { forgetVersions } from '../store/renditions.ts'

/** Pictures go with the last version they show. Idempotent; objects that a crash leaves are swept. */
export const forgetVersionsConsumer = (context: PreviewContext): Subscription => ({
  name: 'preview.forget-versions',
  topics: ['metadata.versions-purged'],
  handle: async (message) => {
    const { vaultId, versionIds } = message.payload as EventPayloads['metadata.versions-purged']
    const objects = await context.database.transaction((tx) => forgetVersions(tx, vaultId, versionIds))
    for (const objectKey of objects) await context.blobs.delete(objectKey)
  }
})
