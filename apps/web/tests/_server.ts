import { type ChildProcess, spawn } from 'node:child_process'
import { globSync, readFileSync, rmSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type CairnClient, createClient, memoryTokenStore, sessionCredentials } from '@cairn/client'
import { ensureWebApp } from '../../../scripts/web-app.mjs'

export const ROOT = join(import.meta.dirname, '../../..')
export const ADMIN = { username: 'root', password: 'correct horse battery staple' }

/** The real server with its own database, serving the built app. */
export interface TestServer extends AsyncDisposable {
  /** What people type. */
  readonly url: string
  readonly port: number
  readonly setupToken: string
  logs(): string
  start(): Promise<void>
  /** As a crash does. */
  kill(): Promise<void>
  /** The administrator, made when first asked for. */
  admin(): Promise<CairnClient>
}

const START_TIMEOUT = 60_000

interface ServerOptions {
  readonly env?: Readonly<Record<string, string>>
  /** Where browsers reach it, when not directly. */
  readonly publicPort?: number
}

export const startServer = async ({ env = {}, publicPort }: ServerOptions = {}): Promise<TestServer> => {
  if (!ensureWebApp(ROOT, process.execPath)) throw new Error('the web app could not be built')
  const data = await mkdtemp(join(tmpdir(), 'cairn-web-'))
  // The embedded database runs as another user when we are root.
  await chmod(data, 0o755)
  const port = await freePort()
  const url = `http://localhost:${publicPort ?? port}`
  const direct = `http://localhost:${port}`
  const setupToken = `web-tests-${port}-${Date.now()}`
  const log: string[] = []
  let child: ChildProcess | undefined
  let exited: Promise<unknown> = Promise.resolve()
  let made: Promise<CairnClient> | undefined

  const start = async (): Promise<void> => {
    const running = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'apps/server/src/main.ts'], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        CAIRN_LOG_LEVEL: 'warn',
        CAIRN_PASSWORD_MEMORY: '19MiB',
        CAIRN_HOST: '127.0.0.1',
        CAIRN_PORT: String(port),
        CAIRN_ORIGIN: url,
        CAIRN_DATA: data,
        CAIRN_SETUP_TOKEN: setupToken,
        ...env
      }
    })
    child = running
    exited = new Promise((resolve) => running.once('exit', resolve))
    for (const stream of [running.stdout, running.stderr]) stream.on('data', (text) => log.push(String(text)))
    const deadline = performance.now() + START_TIMEOUT
    while (performance.now() < deadline) {
      if (running.exitCode !== null) throw new Error(`the server ended while starting:\n${log.join('')}`)
      const ready = await fetch(`${direct}/readyz`).then(
        ({ ok }) => ok,
        () => false
      )
      if (ready) return
      await pause(50)
    }
    throw new Error(`the server was not ready in time:\n${log.join('')}`)
  }
  const postmaster = (): number | undefined => {
    const [place] = globSync('postgres/{,*/,*/*/}postmaster.pid', { cwd: data })
    const pid = place === undefined ? Number.NaN : Number(readFileSync(join(data, place), 'utf8').split('\n')[0])
    return Number.isSafeInteger(pid) && pid > 1 ? pid : undefined
  }
  const endDatabase = (signal: NodeJS.Signals): void => {
    const pid = postmaster()
    if (pid === undefined) return
    try {
      process.kill(pid, signal)
    } catch {
      // It has ended already.
    }
  }
  const abandon = (): void => {
    child?.kill('SIGKILL')
    endDatabase('SIGQUIT')
    rmSync(data, { recursive: true, force: true })
  }
  process.once('exit', abandon)
  await start()

  return {
    url,
    port,
    setupToken,
    logs: () => log.join(''),
    start,
    kill: async () => {
      child?.kill('SIGKILL')
      await exited
    },
    admin: () => {
      made ??= createAdmin(direct, setupToken)
      return made
    },
    [Symbol.asyncDispose]: async () => {
      child?.kill('SIGTERM')
      await exited
      endDatabase('SIGINT')
      process.off('exit', abandon)
      await rm(data, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
    }
  }
}

const createAdmin = async (url: string, token: string): Promise<CairnClient> => {
  const bare = createClient({ baseUrl: url })
  const { accessToken, refreshToken, expiresIn } = await bare.auth.setup({ ...ADMIN, token })
  const tokens = { accessToken, refreshToken, accessExpiresAt: Date.now() + expiresIn * 1000 }
  const credentials = sessionCredentials({
    store: memoryTokenStore(tokens),
    now: () => Date.now(),
    isOver: () => true,
    refresh: async (refresh) => {
      const next = await bare.auth.refresh(refresh)
      return { ...next, accessExpiresAt: Date.now() + next.expiresIn * 1000 }
    }
  })
  return createClient({ baseUrl: url, credentials })
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
