import type { StorageContext } from '../context.ts'
import { type CollectionReport, collect } from '../gc/collect.ts'
import type { CollectionLog } from '../gc/collection-log.ts'
import { compact } from '../gc/compact.ts'
import { type Fence, reconcile } from './reconcile.ts'
import { vaultIds } from './vault-ids.ts'

export interface Maintenance {
  readonly fence: Fence
  readonly collections: CollectionLog
}

/** Collects, compacts and reconciles every vault, again and again, until told to stop. */
export const maintain = async (
  context: StorageContext,
  { fence, collections }: Maintenance,
  signal: AbortSignal
): Promise<void> => {
  const interval = context.config.gcIntervalSeconds * 1000
  for (;;) {
    try {
      // Replicas started together spread out.
      const pause = interval * (0.75 + context.random.unit() / 2)
      collections.plan(pause)
      await context.clock.sleep(pause, signal)
      await collections.round(async (note) => {
        for await (const vaultId of vaultIds(context)) {
          signal.throwIfAborted()
          await maintainVault(context, { vaultId, fence, note }, signal)
        }
      })
    } catch (error) {
      if (signal.aborted) return
      context.logger.error({ err: error }, 'maintenance of storage failed; it will be tried again')
    }
  }
}

interface VaultJob {
  readonly vaultId: string
  readonly fence: Fence
  readonly note: (report: CollectionReport) => void
}

const maintainVault = async (context: StorageContext, job: VaultJob, signal: AbortSignal): Promise<void> => {
  try {
    await reconcile(context, job.vaultId, job.fence)
    const report = await collect(context, job.vaultId)
    job.note(report)
    const compacted = await compact(context, job.vaultId, signal)
    context.logger.info({ ...report, compacted }, 'vault collected')
  } catch (error) {
    signal.throwIfAborted()
    context.logger.error({ err: error, vaultId: job.vaultId }, 'maintenance of a vault failed')
  }
}
