import { MetadataService } from '@cairn/contracts'
import type { ServiceHost, ServiceInstance, ServiceModule } from '@cairn/service'
import { readStorageConfig, type StorageConfig } from './config.ts'
import { confirmReferencesConsumer } from './consumers/confirm-references.ts'
import { releaseReferencesConsumer } from './consumers/release-references.ts'
import { createStorageContext } from './create-context.ts'
import { storageMigrations } from './db/migrations.ts'
import type { StorageTables } from './db/tables.ts'
import { treeChecks } from './doctor/check-tree.ts'
import { createDoctorRuns } from './doctor/runs.ts'
import { createCollectionLog } from './gc/collection-log.ts'
import { createSmallPuts } from './ingest/small-puts.ts'
import { createSpaceGuard } from './ingest/space-guard.ts'
import { maintain } from './jobs/maintain.ts'
import { createPageLocator } from './read/locate.ts'
import { storageRoutes } from './routes/index.ts'
import { storageRpc } from './rpc/storage-rpc.ts'
import { createStorageData } from './storage-data.ts'

export const storageModule: ServiceModule<StorageConfig> = {
  name: 'storage',
  dependencies: [],
  config: readStorageConfig,
  create: createStorageService
}

async function createStorageService(host: ServiceHost, config: StorageConfig): Promise<ServiceInstance> {
  const database = await host.database<StorageTables>('storage', storageMigrations)
  const context = await createStorageContext({ ...host, database }, config)
  const smallPuts = createSmallPuts(context)
  const locator = createPageLocator(context)
  const space = createSpaceGuard({ blobs: host.blobs, clock: host.clock, reserveBytes: config.reserveBytes })
  const storageData = createStorageData({ context, smallPuts, locator, space })
  const metadata = () => host.client(MetadataService)
  const fence = async (vaultId: string, versionIds: readonly string[]) =>
    (await metadata().fenceVersions({ vaultId, versionIds: [...versionIds] })).committed
  const checkTree = treeChecks(context, metadata)
  const doctorRuns = createDoctorRuns({ context, checkTree })
  const collections = createCollectionLog(host.clock)
  const stopping = new AbortController()
  const running: Promise<unknown>[] = []

  return {
    rpc: [storageRpc(context)],
    storageData,
    routes: storageRoutes({
      context,
      storageData,
      metadata,
      identity: host.identity,
      fence,
      checkTree,
      doctorRuns,
      collections
    }),
    health: {
      'blob store': (signal) => host.blobs.check(signal),
      'storage database': (signal) => database.check(signal)
    },
    start: async () => {
      const consumers = [confirmReferencesConsumer(context), releaseReferencesConsumer(context)]
      for (const consumer of consumers) {
        const subscribed = await host.bus.subscribe(consumer)
        stopping.signal.addEventListener('abort', () => running.push(subscribed.stop()), { once: true })
      }
      running.push(maintain(context, { fence, collections }, stopping.signal))
    },
    drain: async () => {
      stopping.abort()
      await doctorRuns.stop()
      await smallPuts.idle()
      await Promise.allSettled(running)
    },
    dispose: async () => {
      stopping.abort()
      await context.codec[Symbol.asyncDispose]()
    }
  }
}
