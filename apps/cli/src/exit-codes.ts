import { ApiError, NetworkError } from '@cairn/client'
import { CommanderError } from 'commander'

/** Exit statuses; part of the documented interface. */
export const EXIT = {
  ok: 0,
  general: 1,
  usage: 2,
  auth: 3,
  notFound: 4,
  conflict: 5,
  space: 6,
  network: 7,
  partial: 8,
  interrupted: 130
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** A failure with a status of its own; `message` is for the user. */
export class CliError extends Error {
  readonly exit: ExitCode
  readonly code: string

  constructor(exit: ExitCode, code: string, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'CliError'
    this.exit = exit
    this.code = code
  }
}

export const usageError = (message: string) => new CliError(EXIT.usage, 'usage', message)

export function exitCodeOf(error: unknown, signal: AbortSignal): ExitCode {
  if (error instanceof CliError) return error.exit
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage
  if (signal.aborted) return EXIT.interrupted
  if (error instanceof NetworkError) return EXIT.network
  if (error instanceof ApiError) return exitCodeOfStatus(error.status)
  return exitCodeOfSystem(error)
}

function exitCodeOfStatus(status: number): ExitCode {
  if (status === 401 || status === 403) return EXIT.auth
  if (status === 404 || status === 410) return EXIT.notFound
  if (status === 409 || status === 412 || status === 423) return EXIT.conflict
  if (status === 507 || status === 413) return EXIT.space
  if (status === 429 || status === 502 || status === 503 || status === 504) return EXIT.network
  return EXIT.general
}

// The local file system's refusals.
function exitCodeOfSystem(error: unknown): ExitCode {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOSPC' || code === 'EDQUOT') return EXIT.space
  if (code === 'ENOENT') return EXIT.notFound
  return EXIT.general
}

export const EXIT_HELP = `
Exit status:
  0  success                       5  conflict (name taken, changed meanwhile)
  1  general failure               6  no space or quota left
  2  wrong usage                   7  network failure or server unavailable
  3  not signed in or not allowed  8  some items failed, the others are done
  4  not found                   130  interrupted`
