import { readFile } from 'node:fs/promises'
import { BlobsUrlError } from '@cairn/blob-store'
import { EmbeddedPostgresError } from '@cairn/database/embedded'
import { ConfigError } from '@cairn/runtime'
import { type RunningServer, runServer } from './run-server.ts'

/** The server as a program: environment in, first steps on the terminal, clean stop on a signal. */
export const serve = async (): Promise<void> => {
  const version = await readVersion()
  let server: RunningServer
  try {
    server = await runServer({ env: process.env, cwd: process.cwd(), version })
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`)
    process.exit(1)
  }
  process.stdout.write(`${JSON.stringify({ port: server.port, origin: server.publicOrigin })}\n`)
  process.stderr.write(welcome(server))
  const signal = await stopSignal()
  process.stderr.write(`cairn: ${signal}, stopping\n`)
  // A second signal means now.
  void stopSignal().then(() => process.exit(130))
  await server[Symbol.asyncDispose]()
  process.exit(0)
}

const stopSignal = (): Promise<string> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve(signal))
  })

const welcome = ({ publicOrigin, setupToken, dataFolder }: RunningServer): string => {
  const ready = `\ncairn is ready at ${publicOrigin}  (data in ${dataFolder})\n`
  if (setupToken === undefined) return `${ready}\n`
  return `${ready}
Create the administrator, once: open

    ${publicOrigin}/setup#token=${encodeURIComponent(setupToken)}

or run "./cairn setup ${publicOrigin}" with this set-up token:

    ${setupToken}

`
}

/** Mistakes of the operator are told without a stack. */
const explain = (error: unknown): string => {
  const known = error instanceof ConfigError || error instanceof EmbeddedPostgresError || error instanceof BlobsUrlError
  if (known) return `cairn: ${error.message}`
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

const readVersion = async (): Promise<string> => {
  const text = await readFile(new URL('../../../package.json', import.meta.url), 'utf8')
  const { version } = JSON.parse(text) as { version: string }
  return version
}
