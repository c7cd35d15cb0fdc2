import { createNativeIdHasher } from '@cairn/chunking/native'
import { MetadataService, StorageService } from '@cairn/contracts'
import type { ServiceHost, ServiceInstance } from '@cairn/service'
import type { UploadConfig } from './config.ts'
import type { UploadContext } from './context.ts'
import { uploadMigrations } from './db/migrations.ts'
import type { UploadTables } from './db/tables.ts'
import { serverStops } from './errors.ts'
import { createUploadEvents } from './events.ts'
import { createGate } from './http/gate.ts'
import { expireSessions } from './jobs/expire.ts'
import { type JobLoop, runJobLoop } from './jobs/job-loop.ts'
import { recoverSessions } from './jobs/recover.ts'
import { createLockKeeper } from './lock/lock-keeper.ts'
import { uploadRoutes } from './routes/index.ts'

/** 16 MiB each, see routes/chunked/frames.ts. */
const FRAMED_BODIES_AT_ONCE = 16
const QUIET_SECONDS = 10

export const createUploadService = async (host: ServiceHost, config: UploadConfig): Promise<ServiceInstance> => {
  const stop = new AbortController()
  return runUploadService(await createUploadContext(host, config, stop.signal), stop)
}

/** `stop` ends whatever is under way in the context. */
export const runUploadService = (context: UploadContext, stop: AbortController): ServiceInstance => {
  const loops: Promise<void>[] = []
  return {
    routes: uploadRoutes(context),
    start: async () => {
      await context.locks.start()
      for (const job of jobs(context)) loops.push(runJobLoop(job, context, stop.signal))
    },
    drain: async (signal) => {
      if (signal.aborted) stop.abort(serverStops())
      else signal.addEventListener('abort', () => stop.abort(serverStops()), { once: true })
    },
    dispose: async () => {
      stop.abort(serverStops())
      await Promise.all(loops)
      await context.locks.stop()
    },
    health: { database: (signal) => context.database.check(signal) }
  }
}

export const createUploadContext = async (
  host: ServiceHost,
  config: UploadConfig,
  stopping: AbortSignal
): Promise<UploadContext> => {
  const { logger, clock, random, cache, identity } = host
  const database = await host.database<UploadTables>('upload', uploadMigrations)
  return {
    config,
    logger,
    clock,
    random,
    cache,
    identity,
    database,
    metadata: host.client(MetadataService),
    storage: host.client(StorageService),
    storageData: host.storageData,
    events: createUploadEvents(host.metrics),
    locks: createLockKeeper({ database, cache, clock, random, logger }),
    hasher: await createNativeIdHasher(),
    bodies: createGate(FRAMED_BODIES_AT_ONCE),
    stopping
  }
}

const jobs = (context: UploadContext): JobLoop[] => [
  { name: 'expire', everyMs: 60_000, run: (signal) => expireSessions(context, signal) },
  {
    name: 'recover',
    everyMs: 15_000,
    run: (signal) => recoverSessions(context, { quietSeconds: QUIET_SECONDS, signal })
  }
]
