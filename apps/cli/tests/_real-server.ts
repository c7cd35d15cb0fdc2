import { runServer } from '@cairn/app-server'
import { createEmptyDatabase, createTemporaryFolder } from '@cairn/testing'
import { type CliOptions, type CliResult, cli } from './_cli.ts'

export interface RealServer extends AsyncDisposable {
  readonly url: string
  /** A command line of the administrator; works in a folder of its own. */
  run(args: readonly string[], options?: CliOptions): Promise<CliResult>
  readonly folder: string
}

const TOKEN = 'a-set-up-token-for-tests'
export const PASSWORD = 'correct horse battery staple'

/** The product in this process, on a database and a folder of its own, with its administrator signed in. */
export async function startRealServer(): Promise<RealServer> {
  await using stack = new AsyncDisposableStack()
  const folder = stack.use(await createTemporaryFolder('cli'))
  const database = stack.use(await createEmptyDatabase())
  const server = stack.use(
    await runServer({
      env: {
        CAIRN_DATA: `${folder.path}/data`,
        CAIRN_PORT: '0',
        CAIRN_DATABASE_URL: database.url,
        CAIRN_SETUP_TOKEN: TOKEN,
        CAIRN_LOG_LEVEL: 'error'
      },
      cwd: folder.path,
      version: '0.0.0'
    })
  )
  const url = `http://127.0.0.1:${server.port}`
  const env = { CAIRN_URL: url, CAIRN_CONFIG_HOME: `${folder.path}/config` }
  const run = (args: readonly string[], options: CliOptions = {}) =>
    cli(args, { cwd: folder.path, ...options, env: { ...env, ...options.env } })
  const setup = await run(['setup', '-u', 'root', '--password-stdin', '--token', TOKEN], { stdin: PASSWORD })
  if (setup.exit !== 0) throw new Error(setup.stderr)
  const running = stack.move()
  return { url, folder: folder.path, run, [Symbol.asyncDispose]: () => running.disposeAsync() }
}
