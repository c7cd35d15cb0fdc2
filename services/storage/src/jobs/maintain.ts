import type { StorageContext } from '../context.ts'
import { collect } from '../gc/collect.ts'
import { compact } from '../gc/compact.ts'
import { type Fence, reconcile } from './reconcile.ts'
import { vaultIds } from './vault-ids.ts'

/** Collects, compacts and reconciles every vault, again and again, until told to stop. */
export const maintain = async (context: StorageContext, fence: Fence, signal: AbortSignal): Promise<void> => {
  const interval = context.config.gcIntervalSeconds * 1000
  for (;;) {
    try {
      // Replicas started together spread out.
      await context.clock.sleep(interval * (0.75 + context.random.unit() / 2), signal)
      for await (const vaultId of vaultIds(context)) {
        signal.throwIfAborted()
        await maintainVault(context, { vaultId, fence }, signal)
      }
    } catch (error) {
      if (signal.aborted) return
      context.logger.error({ err: error }, 'maintenance of storage failed; it will be tried again')
    }
  }
}

const maintainVault = async (
  context: StorageContext,
  job: { vaultId: string; fence: Fence },
  signal: AbortSignal
): Promise<void> => {
  try {
    await reconcile(context, job.vaultId, job.fence)
    const report = await collect(context, job.vaultId)
    const compacted = await compact(context, job.vaultId, signal)
    context.logger.info({ ...report, compacted }, 'vault collected')
  } catch (error) {
    signal.throwIfAborted()
    context.logger.error({ err: error, vaultId: job.vaultId }, 'maintenance of a vault failed')
  }
}
