import { type Database, type DatabasePools, type Migration, openDatabasePools } from '@cairn/database'
import { createSystemClock, createSystemRandom, type Logger } from '@cairn/runtime'
import { createTestLogger } from '../logger.ts'
import { createEmptyDatabase } from './empty-database.ts'

export interface TestDatabaseOptions {
  readonly schema: string
  readonly migrations: readonly Migration[]
  readonly maxConnections?: number
  readonly logger?: Logger
}

export interface TestDatabase<Tables> extends AsyncDisposable {
  readonly database: Database<Tables>
  /** The fresh database's own URL, for a second pool or another process. */
  readonly url: string
  /** Opens another schema in the same database. */
  open<Other>(schema: string, migrations: readonly Migration[]): Promise<Database<Other>>
}

/**
 * One service's schema in a database of its own, dropped on disposal. It lives on the server of
 * CAIRN_TEST_DATABASE_URL when that is set, otherwise on an embedded one started once per process.
 */
export const createTestDatabase = async <Tables = unknown>(
  options: TestDatabaseOptions
): Promise<TestDatabase<Tables>> => {
  const empty = await createEmptyDatabase()
  const pools = openTestPools(empty.url, options)
  return {
    database: await pools.open<Tables>(options.schema, options.migrations),
    url: empty.url,
    open: (schema, migrations) => pools.open(schema, migrations),
    [Symbol.asyncDispose]: async () => {
      await pools[Symbol.asyncDispose]()
      await empty[Symbol.asyncDispose]()
    }
  }
}

const openTestPools = (url: string, options: TestDatabaseOptions): DatabasePools =>
  openDatabasePools({
    url,
    maxConnections: options.maxConnections ?? 8,
    clock: createSystemClock(),
    random: createSystemRandom(),
    logger: options.logger ?? createTestLogger().logger
  })
