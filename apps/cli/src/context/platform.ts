import type { Readable, Writable } from 'node:stream'
import type { Timing } from '@cairn/client'

/** The outside world as commands see it; tests replace it. */
export interface Platform {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly os: NodeJS.Platform
  readonly home: string
  readonly cwd: string
  readonly stdin: Readable & { readonly isTTY?: boolean }
  readonly stdout: Writable & TerminalSize
  readonly stderr: Writable & TerminalSize
  readonly timing: Timing
  /** Aborted by the first SIGINT or SIGTERM. */
  readonly signal: AbortSignal
}

interface TerminalSize {
  readonly isTTY?: boolean
  readonly columns?: number
}
