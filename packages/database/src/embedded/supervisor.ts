import type { Clock, Logger, Random } from '@cairn/runtime'
import { backoffPause } from '../backoff.ts'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'
import type { ServerProcess } from './server-process.ts'

export type EmbeddedPostgresState = 'starting' | 'ready' | 'restarting' | 'stopping' | 'stopped'

export interface SupervisorOptions {
  /** Starts the server, after whatever a previous one has left was cleared away. */
  readonly launch: () => Promise<ServerProcess>
  /** Called each time the server accepts connections. */
  readonly onReady: () => Promise<void>
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  /** Milliseconds for open sessions to end before the server is stopped the hard way. */
  readonly stopTimeout: number
}

export interface Supervisor {
  readonly state: EmbeddedPostgresState
  readonly pid: number | undefined
  /** Resolves when the server is ready for the first time. */
  start(): Promise<void>
  stop(): Promise<void>
}

const FIRST_START_ATTEMPTS = 3
const RESTART_BACKOFF = { first: 50, longest: 10_000 }
/** After so long a life an end counts as the first one again, milliseconds. */
const STABLE_AFTER_MS = 60_000
const STOP_STEPS = ['fast', 'immediate', 'kill'] as const
const HARD_STOP_TIMEOUT_MS = 5_000

/** Keeps one server running until told to stop. */
export const createSupervisor = (options: SupervisorOptions): Supervisor => {
  const { clock, random, logger } = options
  const stopping = new AbortController()
  let state: EmbeddedPostgresState = 'starting'
  let current: ServerProcess | undefined
  let supervising: Promise<void> | undefined

  const bringUp = async (): Promise<ServerProcess> => {
    const server = await options.launch()
    current = server
    try {
      await server.ready
      await options.onReady()
      return server
    } catch (error) {
      await end(server)
      throw error
    }
  }

  const bringUpFirst = async (): Promise<ServerProcess> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await bringUp()
      } catch (error) {
        // The sessions of a killed predecessor may take a moment to notice and let go of its memory.
        if (attempt === FIRST_START_ATTEMPTS || stopping.signal.aborted) {
          throw new EmbeddedPostgresError('start_failed', `the database does not start: ${messageOf(error)}`, {
            cause: error
          })
        }
      }
      await pause(attempt + 2)
    }
  }

  const pause = (attempt: number): Promise<void> =>
    clock.sleep(backoffPause(attempt, random, RESTART_BACKOFF), stopping.signal).catch(() => {})

  const supervise = async (first: ServerProcess): Promise<void> => {
    let server: ServerProcess | undefined = first
    let failures = 0
    while (!stopping.signal.aborted) {
      if (server !== undefined) {
        const since = clock.now()
        const reason = await server.exited
        if (stopping.signal.aborted) return
        if (clock.now() - since > STABLE_AFTER_MS) failures = 0
        logger.error({ reason }, 'PostgreSQL ended by itself, starting it again')
      }
      state = 'restarting'
      failures += 1
      await pause(failures)
      if (stopping.signal.aborted) return
      server = await bringUp().catch((error: unknown) => {
        logger.error({ err: error, failures }, 'PostgreSQL did not start again')
        return undefined
      })
      if (server !== undefined && !stopping.signal.aborted) {
        state = 'ready'
        logger.info({ pid: server.pid }, 'PostgreSQL is back')
      }
    }
  }

  const end = async (server: ServerProcess): Promise<void> => {
    for (const mode of STOP_STEPS) {
      server.signal(mode)
      const patience = mode === 'fast' ? options.stopTimeout : HARD_STOP_TIMEOUT_MS
      if (await endsWithin(server, patience)) return
      logger.warn({ pid: server.pid, mode }, 'PostgreSQL has not stopped yet')
    }
  }

  const endsWithin = async (server: ServerProcess, patience: number): Promise<boolean> => {
    const done = new AbortController()
    const ended = server.exited.then(() => true)
    const patient = clock.sleep(patience, done.signal).then(
      () => false,
      () => false
    )
    try {
      return await Promise.race([ended, patient])
    } finally {
      done.abort()
    }
  }

  return {
    get state() {
      return state
    },
    get pid() {
      return current?.pid
    },
    start: async () => {
      const server = await bringUpFirst()
      state = 'ready'
      supervising = supervise(server)
    },
    stop: async () => {
      state = 'stopping'
      stopping.abort()
      if (current !== undefined) await end(current)
      await supervising
      // A restart that was under way when we were told to stop has brought up another one.
      if (current !== undefined) await end(current)
      state = 'stopped'
    }
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
