import { AuthService, MetadataService, StorageService } from '@cairn/contracts'
import { createKeyedMutex } from '@cairn/runtime'
import type { ServiceHost, ServiceInstance } from '@cairn/service'
import type { ArchiveConfig } from './config.ts'
import type { ArchiveContext } from './context.ts'
import { archiveMigrations } from './db/migrations.ts'
import type { ArchiveTables } from './db/tables.ts'
import { forget } from './jobs/forget.ts'
import { archiveRoutes } from './routes/index.ts'
import { createStreamGate } from './stream/stream-gate.ts'

export const createArchiveService = async (host: ServiceHost, config: ArchiveConfig): Promise<ServiceInstance> => {
  const { logger, clock, random, identity, publicOrigin, storageData } = host
  const database = await host.database<ArchiveTables>('archive', archiveMigrations)
  const context: ArchiveContext = {
    config,
    logger,
    clock,
    random,
    identity,
    publicOrigin,
    database,
    auth: () => host.client(AuthService),
    metadata: () => host.client(MetadataService),
    storage: () => host.client(StorageService),
    storageData,
    making: createKeyedMutex(),
    streams: createStreamGate()
  }
  const stopping = new AbortController()
  let forgetting: Promise<void> | undefined
  return {
    routes: archiveRoutes(context),
    health: { 'archive database': (signal) => database.check(signal) },
    start: async () => {
      forgetting = forget(context, stopping.signal)
    },
    dispose: async () => {
      stopping.abort()
      await forgetting
    }
  }
}
