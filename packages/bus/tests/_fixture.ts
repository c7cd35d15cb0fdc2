import { openDatabasePools } from '@cairn/database'
import { createSystemClock, createSystemRandom } from '@cairn/runtime'
import { createTestDatabase, createTestLogger } from '@cairn/testing'
import type { Bus } from '../src/bus.ts'
import type { BusFixture, ConnectedBus } from '../src/contract-suite.ts'
import { BUS_SCHEMA, busMigrations, createPostgresBus, type PostgresBusOptions } from '../src/postgres/index.ts'

export interface PostgresFixture extends BusFixture {
  readonly url: string
  connect(): Promise<ConnectedBus & { readonly bus: Bus }>
}

type Overrides = Partial<Pick<PostgresBusOptions<unknown>, 'leaseMs' | 'pollInterval' | 'retry'>>

export const createFixture = async (overrides: Overrides = {}): Promise<PostgresFixture> => {
  const server = await createTestDatabase({ schema: BUS_SCHEMA, migrations: busMigrations })
  const connections: { bus: Bus; close: () => Promise<void> }[] = []
  return {
    url: server.url,
    connect: async () => {
      const connection = await connectBus(server.url, overrides)
      connections.push(connection)
      return { bus: connection.bus, crash: connection.close }
    },
    [Symbol.asyncDispose]: async () => {
      for (const { bus } of connections) await bus[Symbol.asyncDispose]()
      for (const { close } of connections) await close()
      await server[Symbol.asyncDispose]()
    }
  }
}

/** Closing the pool under a bus is its crash: from then on nothing it does reaches the queues. */
export const connectBus = async (url: string, overrides: Overrides = {}) => {
  const clock = createSystemClock()
  const random = createSystemRandom()
  const { logger } = createTestLogger()
  const pools = openDatabasePools({ url, clock, random, logger, maxConnections: 4 })
  const database = await pools.open(BUS_SCHEMA, busMigrations)
  const bus = createPostgresBus({
    database,
    clock,
    random,
    logger,
    leaseMs: 900,
    pollInterval: 100,
    retry: { first: 10, longest: 40 },
    ...overrides
  })
  return { bus, close: () => pools[Symbol.asyncDispose]() }
}
