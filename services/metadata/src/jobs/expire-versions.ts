import type { MetadataContext } from '../context.ts'
import { releaseOldVersions, type VersionPolicy, vaultsWithVersions } from '../store/old-versions.ts'

/** Releases old versions that the configuration does not keep. */
export const expireVersions = async (context: MetadataContext, signal: AbortSignal): Promise<void> => {
  const { versionsKept, versionRetention } = context.config
  const policy: VersionPolicy = {
    keep: versionsKept === 0 ? undefined : versionsKept,
    olderThan: versionRetention === 0 ? undefined : context.clock.now() - versionRetention
  }
  if (policy.keep === undefined && policy.olderThan === undefined) return
  const newId = () => context.random.uuid()
  for (const vaultId of await vaultsWithVersions(context.database)) {
    while (!signal.aborted && (await releaseOldVersions(context.database, vaultId, { policy, newId })) > 0) {
      context.notifyOutbox()
    }
  }
}
