import { mkdtempSync, rmSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '@cairn/database/embedded'
import { createSystemClock, createSystemRandom } from '@cairn/runtime'
import { createTestLogger } from '../logger.ts'

/** URL of the server tests create their databases on. */
export const testServerUrl = async (): Promise<string> => {
  const configured = process.env['CAIRN_TEST_DATABASE_URL']
  return configured === undefined || configured === '' ? embeddedUrl() : configured
}

/** The process's own server, started at the first need, stopped and removed when the process ends. */
const embeddedUrl = (() => {
  let url: Promise<string> | undefined
  return () => {
    url ??= startOwnServer()
    return url
  }
})()

const startOwnServer = async (): Promise<string> => {
  const folder = mkdtempSync(join(await fastestFolder(), 'cairn-postgres-'))
  const server = await startEmbeddedPostgres({
    folder,
    clock: createSystemClock(),
    random: createSystemRandom(),
    logger: createTestLogger().logger,
    durable: false,
    keepProcessAlive: false
  })
  // Runs after the server's own exit hook, which has told it to stop.
  process.once('exit', () => removeNow(folder))
  return server.url
}

const SPACE_NEEDED = 2 * 1024 ** 3

/** Memory, where there is plenty: every new database copies some hundred files. */
const fastestFolder = async (): Promise<string> => {
  const memory = await statfs('/dev/shm').catch(() => undefined)
  return memory !== undefined && memory.bavail * memory.bsize > SPACE_NEEDED ? '/dev/shm' : tmpdir()
}

/** The server's processes may still be writing their last files. */
const removeNow = (folder: string): void => {
  for (let attempt = 1; attempt <= 40; attempt += 1) {
    try {
      rmSync(folder, { recursive: true, force: true })
      return
    } catch {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 25)
    }
  }
}
