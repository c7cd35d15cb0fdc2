import { StorageService } from '@cairn/contracts'
import { createOutboxRelay } from '@cairn/database'
import type { ServiceHost, ServiceInstance, ServiceModule } from '@cairn/service'
import { Committer } from './commit/committer.ts'
import { runUnitOfWork } from './commit/unit-of-work.ts'
import { type MetadataConfig, readMetadataConfig } from './config.ts'
import type { MetadataContext } from './context.ts'
import { createCursorSealer } from './cursor.ts'
import { createFindDrive } from './find-drive.ts'
import { announceHead } from './head-hint.ts'
import { createJobRunner } from './jobs/job-runner.ts'
import { createCommitObserver } from './observe-commits.ts'
import { metadataRoutes } from './routes/index.ts'
import { metadataRpc } from './rpc/metadata-rpc.ts'
import { migrations, SCHEMA } from './store/database.ts'
import { createQuotaGlance } from './store/quota-glance.ts'

export const metadataModule: ServiceModule<MetadataConfig> = {
  name: 'metadata',
  dependencies: ['storage'],
  config: readMetadataConfig,
  create: createMetadataService
}

async function createMetadataService(host: ServiceHost, config: MetadataConfig): Promise<ServiceInstance> {
  const { logger, clock, random, identity, bus } = host
  const database = await host.database<unknown>(SCHEMA, migrations)
  const relay = createOutboxRelay({
    database,
    schema: SCHEMA,
    publish: (messages, signal) => bus.publish(messages, signal),
    gatherMs: config.announceGather,
    clock,
    random,
    logger
  })
  const jobs = createJobRunner(clock)
  const unitOfWork = {
    database,
    newId: () => random.uuid(),
    now: () => clock.now(),
    defaultQuota: config.defaultQuota
  }
  const observe = createCommitObserver(host.metrics)
  const committer = new Committer({
    run: (key, requests) => observe(requests, () => runUnitOfWork(unitOfWork, key, requests)),
    onChanged: (key, headSeq) => {
      relay.notify()
      announceHead(host, key.driveId, headSeq)
    }
  })
  const context: MetadataContext = {
    config,
    logger,
    clock,
    random,
    database,
    identity,
    findDrive: createFindDrive(database, unitOfWork),
    quotas: createQuotaGlance({ database, clock, defaultLimit: config.defaultQuota }),
    committer,
    cursors: createCursorSealer(host.masterKey.derive('metadata.cursor')),
    storage: () => host.client(StorageService),
    kickPurge: () => jobs.kickPurge(),
    notifyOutbox: () => relay.notify()
  }

  return {
    rpc: [metadataRpc(context)],
    routes: metadataRoutes(context),
    health: { 'metadata database': (signal) => database.check(signal) },
    outbox: () => relay.lag(),
    start: async () => {
      relay.start()
      jobs.start(context)
    },
    drain: async () => {
      // Jobs commit too, so they end first.
      await jobs.stop()
      await committer.drain()
    },
    dispose: async () => {
      await jobs.stop()
      await relay.stop()
    }
  }
}
