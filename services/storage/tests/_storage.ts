import { randomBytes } from 'node:crypto'
import type { BlobStore } from '@cairn/blob-store'
import { createFilesystemBlobStore } from '@cairn/blob-store/filesystem'
import type { StorageData } from '@cairn/contracts'
import { createSystemClock, createSystemRandom } from '@cairn/runtime'
import { createTemporaryFolder, createTestDatabase, createTestLogger } from '@cairn/testing'
import type { StorageConfig } from '../src/config.ts'
import type { StorageContext } from '../src/context.ts'
import { createStorageContext } from '../src/create-context.ts'
import { storageMigrations } from '../src/db/migrations.ts'
import type { StorageTables } from '../src/db/tables.ts'
import { createSmallPuts, type SmallPuts } from '../src/ingest/small-puts.ts'
import { createSpaceGuard } from '../src/ingest/space-guard.ts'
import { createPageLocator } from '../src/read/locate.ts'
import { createStorageData } from '../src/storage-data.ts'

export interface TestStorage extends AsyncDisposable {
  readonly context: StorageContext
  readonly data: StorageData
  readonly smallPuts: SmallPuts
  readonly blobsFolder: string
  readonly vaultId: string
  uuid(): string
}

const CONFIG: StorageConfig = {
  codecThreads: 2,
  intentLeaseSeconds: 3600,
  gcIntervalSeconds: 3600,
  condemnedGraceSeconds: 0,
  reserveBytes: 0
}

/** Real PostgreSQL, real files, real worker threads. */
export const createTestStorage = async (
  options: { readonly config?: Partial<StorageConfig>; readonly wrap?: (blobs: BlobStore) => BlobStore } = {}
): Promise<TestStorage> => {
  const folder = await createTemporaryFolder()
  const { database, [Symbol.asyncDispose]: dropDatabase } = await createTestDatabase<StorageTables>({
    schema: 'storage',
    migrations: storageMigrations
  })
  const random = createSystemRandom()
  const clock = createSystemClock()
  const files = await createFilesystemBlobStore({ root: folder.path })
  const blobs = options.wrap?.(files) ?? files
  const secret = randomBytes(32)
  const masterKey = { id: 'test', derive: () => new Uint8Array(secret) }
  const parts = { logger: createTestLogger().logger, clock, random, database, blobs, masterKey }
  const config = { ...CONFIG, ...options.config }
  const context = await createStorageContext(parts, config)
  const smallPuts = createSmallPuts(context)
  const locator = createPageLocator(context)
  const space = createSpaceGuard({ blobs, clock, reserveBytes: config.reserveBytes })
  const uuid = (): string => random.uuid()
  return {
    context,
    smallPuts,
    data: createStorageData({ context, smallPuts, locator, space }),
    blobsFolder: folder.path,
    vaultId: uuid(),
    uuid,
    [Symbol.asyncDispose]: async () => {
      await smallPuts.idle()
      await context.codec[Symbol.asyncDispose]()
      await files[Symbol.asyncDispose]()
      await dropDatabase()
      await folder[Symbol.asyncDispose]()
    }
  }
}

export async function* body(bytes: Uint8Array, step = 65_536): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step)
}

export const never = new AbortController().signal

/** Copies: a yielded buffer is only valid until the next. */
export const collectBytes = async (source: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const parts: Buffer[] = []
  for await (const part of source) parts.push(Buffer.from(part))
  return Buffer.concat(parts)
}
