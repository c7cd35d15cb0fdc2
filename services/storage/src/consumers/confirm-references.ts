import type { Subscription } from '@cairn/bus'
import type { EventPayloads } from '@cairn/contracts'
import type { StorageContext } from '../context.ts'
import { confirmReferences } from '../store/references.ts'

/** How long a confirmation waits for others: every commit of a drive is a message of its own. */
const GATHER_MS = 10
const AT_ONCE = 64

/** A committed version's reference needs no reconciling any more. Idempotent, in any order. */
export const confirmReferencesConsumer = (context: StorageContext): Subscription => {
  const confirm = gatherConfirmations(context)
  return {
    name: 'storage.confirm-references',
    topics: ['metadata.versions-committed'],
    unordered: true,
    concurrency: AT_ONCE,
    handle: async (message) => {
      const { vaultId, versionIds } = message.payload as EventPayloads['metadata.versions-committed']
      await confirm(vaultId, versionIds)
    }
  }
}

/** Confirmations of one vault that come within a moment share a statement, and its fate. */
const gatherConfirmations = (context: StorageContext) => {
  const gathering = new Map<string, { ids: string[]; done: Promise<void> }>()
  const flush = async (vaultId: string, ids: readonly string[]): Promise<void> => {
    await context.clock.sleep(GATHER_MS)
    gathering.delete(vaultId)
    await confirmReferences(context.database.query, vaultId, ids)
  }
  return async (vaultId: string, versionIds: readonly string[]): Promise<void> => {
    const open = gathering.get(vaultId)
    if (open !== undefined) {
      open.ids.push(...versionIds)
      return await open.done
    }
    const ids = [...versionIds]
    const done = flush(vaultId, ids)
    gathering.set(vaultId, { ids, done })
    await done
  }
}
