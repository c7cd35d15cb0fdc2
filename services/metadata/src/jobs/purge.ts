import type { MetadataContext } from '../context.ts'
import { purgeBatch, vaultsToPurge } from '../store/purge-batch.ts'

/** Takes away what was purged, batch by batch, until nothing is left or the signal aborts. */
export const purgeAll = async (context: MetadataContext, signal: AbortSignal): Promise<void> => {
  const { database, random } = context
  for (const vaultId of await vaultsToPurge(database)) {
    while (!signal.aborted && (await purgeBatch(database, vaultId, () => random.uuid()))) context.notifyOutbox()
  }
}
