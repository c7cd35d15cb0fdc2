import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type ChildServer, startChild } from './child.ts'
import { requireOk, send } from './transfer.ts'

export interface Product extends AsyncDisposable {
  readonly server: ChildServer
  readonly port: number
  readonly folder: string
  readonly headers: Readonly<Record<string, string>>
  /** Milliseconds from spawn to ready of a start with an existing data folder. */
  readonly secondStartMs: number
}

const SETUP_TOKEN = 'bench-setup-token-0123456789abcdef'
const ENTRY = join(import.meta.dirname, '../apps/server/src/main.ts')

/** The product as users run it: own data folder, embedded database, an administrator signed in by app password. */
export const startProduct = async (more: NodeJS.ProcessEnv = {}): Promise<Product> => {
  const folder = join(await mkdtemp(join(tmpdir(), 'cairn-bench-')), 'data')
  await chmod(dirname(folder), 0o711)
  const env = {
    CAIRN_DATA: folder,
    CAIRN_PORT: '0',
    CAIRN_ORIGIN: 'http://localhost',
    CAIRN_SETUP_TOKEN: SETUP_TOKEN,
    CAIRN_LOG_LEVEL: 'warn',
    ...more
  }
  const start = () => startChild(['--disable-warning=ExperimentalWarning', ENTRY], env)
  const first = await start()
  await createAdministrator(first.port)
  await first[Symbol.asyncDispose]()
  const server = await start()
  const token = await signIn(server.port)
  return {
    server,
    port: server.port,
    folder,
    headers: { authorization: `Bearer ${token}` },
    secondStartMs: server.readyMs,
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]()
      await rm(dirname(folder), { recursive: true, force: true })
    }
  }
}

const PASSWORD = 'a long pass phrase for benches'

const createAdministrator = async (port: number): Promise<void> => {
  await post(port, '/v1/auth/setup', { token: SETUP_TOKEN, username: 'bench', password: PASSWORD })
}

/** An app password: it does not expire in the middle of a run. */
const signIn = async (port: number): Promise<string> => {
  const login = await post(port, '/v1/auth/login', { username: 'bench', password: PASSWORD })
  const authorization = `Bearer ${String(login['accessToken'])}`
  const made = await post(port, '/v1/auth/app-passwords', { name: 'bench', scopes: ['*'] }, { authorization })
  return String(made['secret'])
}

export const post = async (
  port: number,
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {}
): Promise<Record<string, unknown>> => {
  const blocks = [Buffer.from(JSON.stringify(body))]
  const target = { port, path, method: 'POST', headers: { ...headers, 'content-type': 'application/json' } }
  const answer = requireOk(await send(target, { blocks }), path)
  return answer.body === '' ? {} : (JSON.parse(answer.body) as Record<string, unknown>)
}
