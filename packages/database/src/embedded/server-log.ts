import type { Clock, Logger } from '@cairn/runtime'

const LINE_LENGTH = 2_000
const REMEMBERED_LINES = 20
/** Lines passed on per window; a server in trouble repeats itself. */
const WINDOW_MS = 10_000
const LINES_PER_WINDOW = 100

export const READY_MESSAGE = 'database system is ready to accept connections'

/** The server's output, passed on to the logger at matching levels and bounded in every direction. */
export interface ServerLog {
  write(chunk: string): void
  /** The last lines, for an error message. */
  tail(): string
}

export interface ServerLogOptions {
  readonly logger: Logger
  readonly clock: Clock
  readonly onReady: () => void
}

export const createServerLog = ({ logger, clock, onReady }: ServerLogOptions): ServerLog => {
  const remembered: string[] = []
  let partial = ''
  let windowStart = clock.now()
  let passedOn = 0
  let suppressed = 0

  const mayPass = (): boolean => {
    if (clock.now() - windowStart >= WINDOW_MS) {
      if (suppressed > 0) logger.warn({ suppressed }, 'postgres log lines suppressed')
      windowStart = clock.now()
      passedOn = 0
      suppressed = 0
    }
    if (passedOn < LINES_PER_WINDOW) passedOn += 1
    else suppressed += 1
    return suppressed === 0
  }

  const accept = (line: string) => {
    const { severity, text } = parseLine(line)
    if (text === '' || QUOTING.has(severity)) return
    remembered.push(line.slice(0, LINE_LENGTH))
    if (remembered.length > REMEMBERED_LINES) remembered.shift()
    if (text === READY_MESSAGE) onReady()
    if (mayPass()) logger[levelOf(severity, text)]({ severity }, `postgres: ${text}`)
  }

  return {
    write: (chunk) => {
      const lines = (partial + chunk).split('\n')
      partial = (lines.pop() ?? '').slice(0, LINE_LENGTH)
      for (const line of lines) accept(line.slice(0, LINE_LENGTH))
    },
    tail: () => [...remembered, partial].filter((line) => line !== '').join('\n')
  }
}

/** These may repeat what users have stored. */
const QUOTING = new Set(['STATEMENT', 'DETAIL', 'CONTEXT', 'QUERY'])

const parseLine = (line: string): { severity: string; text: string } => {
  const match = /^([A-Z]+\d?):\s+(.*)$/.exec(line)
  return { severity: match?.[1] ?? 'OUTPUT', text: match?.[2] ?? line.trim() }
}

type Level = 'trace' | 'debug' | 'warn' | 'error'

const levelOf = (severity: string, text: string): Level => {
  if (severity === 'PANIC') return 'error'
  if (severity === 'WARNING') return 'warn'
  // FATAL ends one session: sign-in during a restart is expected, the rest deserves a look.
  if (severity === 'FATAL')
    return /is (starting up|shutting down)|administrator command|does not exist/.test(text) ? 'debug' : 'warn'
  if (severity === 'LOG' || severity === 'OUTPUT') return TROUBLE.test(text) ? 'warn' : 'debug'
  // ERROR: whoever sent the statement has been told.
  return severity.startsWith('DEBUG') ? 'trace' : 'debug'
}

const TROUBLE = /terminated by signal|not properly shut down|corrupt|could not|PANIC|out of (memory|disk)|No space/
