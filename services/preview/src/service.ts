import { MetadataService, StorageService } from '@cairn/contracts'
import { httpRoutes } from '@cairn/http'
import type { ServiceHost, ServiceInstance } from '@cairn/service'
import type { PreviewConfig } from './config.ts'
import { forgetVersionsConsumer } from './consumers/forget-versions.ts'
import type { PreviewContext } from './context.ts'
import { previewMigrations } from './db/migrations.ts'
import type { PreviewTables } from './db/tables.ts'
import { createSharedRuns } from './domain/shared-runs.ts'
import { sweepDaily } from './jobs/sweep.ts'
import type { Rendered } from './render/child.ts'
import { createRenderer } from './render/renderer.ts'
import { thumbnailRoute } from './routes/thumbnail.ts'

export const createPreviewService = async (host: ServiceHost, config: PreviewConfig): Promise<ServiceInstance> => {
  const { logger, clock, random, identity, blobs, storageData } = host
  const renderer = config.workers === 0 ? undefined : createRenderer({ workers: config.workers, logger })
  const context: PreviewContext = {
    config,
    logger,
    clock,
    random,
    identity,
    blobs,
    storageData,
    renderer,
    database: await host.database<PreviewTables>('preview', previewMigrations),
    metadata: () => host.client(MetadataService),
    storage: () => host.client(StorageService)
  }
  const runs = createSharedRuns<Rendered>()
  const stopping = new AbortController()
  const running: Promise<unknown>[] = []
  return {
    routes: httpRoutes((app) => thumbnailRoute(app, context, runs)),
    ...(renderer === undefined ? {} : { conveniences: { previews: () => renderer.check() } }),
    start: async () => {
      const subscribed = await host.bus.subscribe(forgetVersionsConsumer(context))
      stopping.signal.addEventListener('abort', () => running.push(subscribed.stop()), { once: true })
      running.push(sweepDaily(context, stopping.signal))
    },
    drain: async () => {
      stopping.abort()
      await Promise.allSettled(running)
    },
    dispose: async () => {
      stopping.abort()
      await renderer?.stop()
    }
  }
}
