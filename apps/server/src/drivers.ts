import { join } from 'node:path'
import { type BlobStore, createBlobMetrics, parseBlobsUrl, withMetrics } from '@cairn/blob-store'
import { createFilesystemBlobStore } from '@cairn/blob-store/filesystem'
import { createS3BlobStore } from '@cairn/blob-store/s3'
import type { Bus } from '@cairn/bus'
import { BUS_SCHEMA, busMigrations, createPostgresBus } from '@cairn/bus/postgres'
import type { Cache } from '@cairn/cache'
import { createMemoryCache } from '@cairn/cache/memory'
import { type DatabasePools, openDatabasePools } from '@cairn/database'
import { startEmbeddedPostgres } from '@cairn/database/embedded'
import type { Clock, Logger, Metrics, Random } from '@cairn/runtime'
import type { ServerConfig } from './config.ts'

/** The process's backing services, opened in order, closed in reverse. */
export interface Drivers extends AsyncDisposable {
  readonly pools: DatabasePools
  readonly bus: Bus
  readonly cache: Cache
  readonly blobs: BlobStore
}

export interface Ambient {
  readonly logger: Logger
  readonly clock: Clock
  readonly random: Random
}

const CONNECTIONS = 20

export const openDrivers = async (config: ServerConfig, ambient: Ambient, metrics: Metrics): Promise<Drivers> => {
  await using opening = new AsyncDisposableStack()
  // Both take a moment; neither needs the other.
  const [url, blobs] = await Promise.all([openDatabaseUrl(config, ambient, opening), openBlobs(config, ambient)])
  opening.use(blobs)
  const pools = opening.use(openDatabasePools({ ...ambient, url, maxConnections: CONNECTIONS }))
  const busDatabase = await pools.open(BUS_SCHEMA, busMigrations)
  const bus = opening.use(createPostgresBus({ ...ambient, database: busDatabase }))
  const cache = opening.use(createMemoryCache(ambient))
  const measured = withMetrics(blobs, createBlobMetrics(metrics))
  const opened = opening.move()
  return { pools, bus, cache, blobs: measured, [Symbol.asyncDispose]: () => opened.disposeAsync() }
}

const openDatabaseUrl = async (
  config: ServerConfig,
  ambient: Ambient,
  opening: AsyncDisposableStack
): Promise<string> => {
  if (config.databaseUrl !== undefined) return config.databaseUrl
  const folder = join(config.dataFolder, 'postgres')
  const postgres = opening.use(await startEmbeddedPostgres({ ...ambient, folder }))
  return postgres.url
}

const openBlobs = async (config: ServerConfig, { logger }: Ambient): Promise<BlobStore> => {
  const place = parseBlobsUrl(config.blobsUrl)
  const onProblem = (message: string, cause: unknown): void => logger.warn({ err: cause }, message)
  if (place.kind === 's3') return createS3BlobStore({ ...place.options, onProblem })
  return createFilesystemBlobStore({ root: place.root, onProblem })
}
