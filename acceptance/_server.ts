import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes, randomInt } from 'node:crypto'
import { globSync, readFileSync, rmSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

export const ROOT = join(import.meta.dirname, '..')

/** A Cairn under test: a child process of ours, or the deployment that CAIRN_URL names. */
export interface Server extends AsyncDisposable {
  readonly url: string
  readonly port: number
  readonly host: string
  /** Undefined for a deployment of somebody else's. */
  readonly dataFolder: string | undefined
  readonly setupToken: string
  readonly pid: number | undefined
  /** Milliseconds the last start took until /readyz answered 200. */
  readonly startedIn: number
  /** Everything it printed so far, all starts together. */
  logs(): string
  /** Starts it again after kill() or stop(). */
  start(env?: Env): Promise<void>
  /** SIGKILL to the server alone: its database is left an orphan, as in a crash. */
  kill(): Promise<void>
  /** SIGTERM; resolves with the exit status. */
  stop(): Promise<number | null>
}

export type Env = Readonly<Record<string, string>>

/** Why a test that kills or reconfigures the server cannot run; undefined when it can. */
export const foreign: string | undefined =
  process.env['CAIRN_URL'] === undefined ? undefined : 'CAIRN_URL names a running deployment, which is not ours to stop'

const START_TIMEOUT = 60_000
const STOP_TIMEOUT = 30_000

/** Cheap password hashing and a quiet log; the rest is as delivered. */
const DEFAULTS: Env = {
  CAIRN_LOG_LEVEL: 'info',
  CAIRN_PASSWORD_MEMORY: '19MiB',
  CAIRN_PASSWORD_PASSES: '2',
  ...(process.env['ACCEPTANCE_SERIALIZE'] === '1' ? { CAIRN_RPC_SERIALIZE: '1' } : {})
}

export const startServer = async (env: Env = {}): Promise<Server> => {
  if (foreign !== undefined) return deployment(new URL(process.env['CAIRN_URL'] ?? ''))
  const dataFolder = await mkdtemp(join(tmpdir(), 'cairn-acceptance-'))
  // The embedded database runs as another user when we are root; it must be able to reach its folder.
  await chmod(dataFolder, 0o755)
  const server = new ChildServer(await freePort(), dataFolder, env)
  await server.start()
  return server
}

const deployment = (url: URL): Server => {
  const refuse = (): never => {
    throw new Error(foreign)
  }
  return {
    url: url.origin,
    port: Number(url.port || (url.protocol === 'https:' ? 443 : 80)),
    host: url.hostname,
    dataFolder: undefined,
    setupToken: '',
    pid: undefined,
    startedIn: 0,
    logs: () => '',
    start: refuse,
    kill: refuse,
    stop: refuse,
    [Symbol.asyncDispose]: async () => undefined
  }
}

class ChildServer implements Server {
  readonly host = '127.0.0.1'
  readonly setupToken = `acceptance-${randomBytes(18).toString('base64url')}`
  readonly port: number
  readonly dataFolder: string
  startedIn = 0
  readonly #env: Env
  readonly #log: string[] = []
  #child: ChildProcess | undefined
  #exit: Promise<number | null> = Promise.resolve(null)

  constructor(port: number, dataFolder: string, env: Env) {
    this.port = port
    this.dataFolder = dataFolder
    this.#env = env
    process.once('exit', this.#abandon)
  }

  get url(): string {
    return `http://${this.host}:${this.port}`
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  logs(): string {
    return this.#log.join('')
  }

  async start(env: Env = {}): Promise<void> {
    const begun = performance.now()
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'apps/server/src/main.ts'], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        ...DEFAULTS,
        CAIRN_PORT: String(this.port),
        CAIRN_DATA: this.dataFolder,
        CAIRN_ORIGIN: this.url,
        CAIRN_SETUP_TOKEN: this.setupToken,
        ...this.#env,
        ...env
      }
    })
    this.#child = child
    this.#exit = new Promise((resolve) => child.once('exit', (code) => resolve(code)))
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => this.#log.push(text))
    }
    await this.#untilReady(child)
    this.startedIn = performance.now() - begun
  }

  async #untilReady(child: ChildProcess): Promise<void> {
    const deadline = performance.now() + START_TIMEOUT
    let last: string | undefined
    while (performance.now() < deadline) {
      if (child.exitCode !== null || child.signalCode !== null) {
        throw new Error(`The server ended with status ${child.exitCode} while starting:\n${this.logs()}`)
      }
      last = await unreadiness(this.url)
      if (last === undefined) return
      await pause(25)
    }
    child.kill('SIGKILL')
    throw new Error(`The server was not ready after ${START_TIMEOUT} ms: ${last}\n${this.logs()}`)
  }

  async kill(): Promise<void> {
    this.#child?.kill('SIGKILL')
    await this.#exit
    this.#child = undefined
  }

  async stop(): Promise<number | null> {
    const child = this.#child
    if (child === undefined) return null
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT)
    const code = await this.#exit
    clearTimeout(timer)
    this.#child = undefined
    return code
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
    process.off('exit', this.#abandon)
    await this.#endOrphan()
    await rm(this.dataFolder, { recursive: true, force: true })
  }

  /** The database of a server that was killed and not started again. */
  async #endOrphan(): Promise<void> {
    const pid = this.#postmaster()
    if (pid === undefined) return
    signal(pid, 'SIGINT')
    const deadline = performance.now() + STOP_TIMEOUT
    while (signal(pid, 0) && performance.now() < deadline) await pause(25)
  }

  #postmaster(): number | undefined {
    const [place] = globSync('postgres/{,*/,*/*/}postmaster.pid', { cwd: this.dataFolder })
    if (place === undefined) return undefined
    const pid = Number(readFileSync(join(this.dataFolder, place), 'utf8').split('\n')[0])
    return Number.isSafeInteger(pid) && pid > 1 ? pid : undefined
  }

  /** Last resort when the test process ends without disposing. */
  readonly #abandon = (): void => {
    this.#child?.kill('SIGKILL')
    const pid = this.#postmaster()
    if (pid !== undefined) signal(pid, 'SIGQUIT')
    rmSync(this.dataFolder, { recursive: true, force: true })
  }
}

const signal = (pid: number, name: NodeJS.Signals | 0): boolean => {
  try {
    return process.kill(pid, name)
  } catch {
    return false
  }
}

/** What /readyz says: undefined when it is ready. */
const unreadiness = async (url: string): Promise<string | undefined> => {
  try {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5000) })
    const text = await response.text()
    return response.status === 200 ? undefined : `${response.status} ${text}`
  } catch (error) {
    return String(error instanceof Error ? (error.cause ?? error) : error)
  }
}

const FIRST_PORT = 12_000
/** Below the range that systems give to outgoing connections: those come and go while a server starts. */
const LAST_PORT = 32_000

const freePort = async (): Promise<number> => {
  for (;;) {
    const port = randomInt(FIRST_PORT, LAST_PORT)
    if (await isFree(port)) return port
  }
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, () => probe.close(() => resolve(true)))
  })
