import { createSystemClock, createSystemRandom } from '@cairn/runtime'
import { createTemporaryFolder, createTestLogger, type TemporaryFolder, type TestLogger } from '@cairn/testing'
import { Client } from 'pg'
import { type EmbeddedPostgres, type EmbeddedPostgresOptions, startEmbeddedPostgres } from '../src/embedded/index.ts'

export interface EmbeddedWorld extends AsyncDisposable {
  readonly folder: string
  readonly log: TestLogger
  start(overrides?: Partial<EmbeddedPostgresOptions>): Promise<EmbeddedPostgres>
}

/** A data folder; every server started in it is stopped before it is removed. */
export const createEmbeddedWorld = async (): Promise<EmbeddedWorld> => {
  const home: TemporaryFolder = await createTemporaryFolder('embedded')
  const log = createTestLogger()
  const servers: EmbeddedPostgres[] = []
  return {
    folder: `${home.path}/database`,
    log,
    start: async (overrides = {}) => {
      const server = await startEmbeddedPostgres({ ...embeddedOptions(`${home.path}/database`, log), ...overrides })
      servers.push(server)
      return server
    },
    [Symbol.asyncDispose]: async () => {
      for (const server of servers) await server.stop()
      await home[Symbol.asyncDispose]()
    }
  }
}

export const embeddedOptions = (folder: string, log: TestLogger): EmbeddedPostgresOptions => ({
  folder,
  clock: createSystemClock(),
  random: createSystemRandom(),
  logger: log.logger,
  stopTimeout: 5_000,
  // A killed process loses nothing the kernel has: only a test of the settings themselves needs fsync.
  durable: false
})

export const ask = async (url: string, query: string): Promise<readonly Record<string, unknown>[]> => {
  const client = new Client({ connectionString: url })
  // Reported by the query as well; without a listener it would end the test process.
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(query)).rows
  } finally {
    await client.end()
  }
}
