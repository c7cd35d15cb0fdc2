import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '@cairn/database/embedded'
import { createLogger, createSystemClock, createSystemRandom } from '@cairn/runtime'

/** One real server for the whole run; every test file makes its own database on it. Nothing in it needs to survive. */
export const startTestPostgres = async (): Promise<{ readonly url: string } & AsyncDisposable> => {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-test-'))
  const server = await startEmbeddedPostgres({
    folder,
    clock: createSystemClock(),
    random: createSystemRandom(),
    logger: createLogger({ level: 'error' }),
    settings: { max_connections: '200' },
    durable: false
  })
  return {
    url: server.url,
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    }
  }
}
