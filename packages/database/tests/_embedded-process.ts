import { once } from 'node:events'
import { createTestLogger } from '@cairn/testing'
import { startEmbeddedPostgres } from '../src/embedded/index.ts'
import { embeddedOptions } from './_embedded.ts'

/** Runs the embedded server in a process of its own, which a test may kill. */
const [folder = ''] = process.argv.slice(2)
try {
  const server = await startEmbeddedPostgres(embeddedOptions(folder, createTestLogger()))
  process.send?.({ url: server.url, pid: server.pid })
} catch (error) {
  process.send?.({ error: String(error), code: error instanceof Error ? Reflect.get(error, 'code') : undefined })
}
await once(process, 'disconnect')
process.exit(0)
