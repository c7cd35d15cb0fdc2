import { type ChildProcess, spawn } from 'node:child_process'
import type { Clock, Logger } from '@cairn/runtime'
import type { ServerAccount } from './account.ts'
import { type PostgresBinaries, programPath } from './binaries.ts'
import { runAs, serverEnvironment } from './run-program.ts'
import { createServerLog } from './server-log.ts'
import { type StopMode, signalServer } from './signal-server.ts'

export interface ServerProcessOptions {
  readonly binaries: PostgresBinaries
  readonly cluster: string
  readonly account: ServerAccount | undefined
  readonly settings: Readonly<Record<string, string>>
  /** False lets this process end although the server runs. */
  readonly keepProcessAlive: boolean
  /** How the server is stopped when this process ends without having stopped it. */
  readonly atExit: StopMode
  readonly clock: Clock
  readonly logger: Logger
}

/** One run of the postmaster. */
export interface ServerProcess {
  readonly pid: number | undefined
  /** Resolves when it accepts connections; rejects with its last words when it ends before. */
  readonly ready: Promise<void>
  /** Resolves with what ended it. */
  readonly exited: Promise<string>
  signal(mode: StopMode): void
}

export const startServerProcess = (options: ServerProcessOptions): ServerProcess => {
  const { binaries, cluster, account, settings, clock, logger } = options
  const ready = Promise.withResolvers<void>()
  const log = createServerLog({ logger, clock, onReady: ready.resolve })
  const child = spawn(
    programPath(binaries, 'postgres'),
    ['-D', cluster, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    {
      cwd: cluster,
      env: serverEnvironment(),
      stdio: ['ignore', 'ignore', 'pipe'],
      // A group of its own: Ctrl-C in the terminal must reach us first, or open requests lose their database.
      detached: process.platform !== 'win32',
      windowsHide: true,
      ...runAs(account)
    }
  )
  child.stderr.setEncoding('utf8').on('data', log.write)
  if (!options.keepProcessAlive) letGo(child)

  const atExit = () => {
    if (child.pid !== undefined) signalServer(child.pid, options.atExit)
  }
  process.once('exit', atExit)

  const exited = new Promise<string>((resolve) => {
    const end = (reason: string) => {
      process.removeListener('exit', atExit)
      // Handled by whoever waits for readiness; nobody does once the server has been ready.
      ready.promise.catch(() => {})
      ready.reject(new Error(`PostgreSQL ended with ${reason}: ${log.tail()}`))
      resolve(reason)
    }
    child.once('error', (error) => end(error.message))
    child.once('close', (code, signal) => end(signal ?? `code ${code}`))
  })

  return {
    pid: child.pid,
    ready: ready.promise,
    exited,
    signal: (mode) => {
      if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) signalServer(child.pid, mode)
    }
  }
}

const letGo = (child: ChildProcess): void => {
  child.unref()
  const { stderr } = child
  if (stderr !== null && 'unref' in stderr && typeof stderr.unref === 'function') stderr.unref()
}
