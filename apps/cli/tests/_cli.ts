import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { systemTiming, type Timing } from '@cairn/client'
import { runCli } from '../src/index.ts'

export interface CliResult {
  readonly exit: number
  readonly stdout: string
  /** stdout as it is. */
  readonly bytes: Buffer
  readonly stderr: string
  /** stdout, one JSON value per line. */
  json(): Record<string, unknown>[]
}

export interface CliOptions {
  readonly env?: Record<string, string>
  readonly stdin?: string | Uint8Array
  readonly cwd?: string
  readonly signal?: AbortSignal
  readonly timing?: Timing
}

/** Waits as written, but a hundred times as fast. */
export const hastyTiming: Timing = { ...systemTiming, sleep: (ms, signal) => systemTiming.sleep(ms / 100, signal) }

/** Runs a command line in this process. */
export async function cli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const stdout = collector()
  const stderr = collector()
  const exit = await runCli(args, {
    env: options.env ?? {},
    os: process.platform,
    home: '/nonexistent',
    cwd: options.cwd ?? process.cwd(),
    stdin: Readable.from(options.stdin === undefined ? [] : [Buffer.from(options.stdin)]),
    stdout: stdout.stream,
    stderr: stderr.stream,
    timing: options.timing ?? hastyTiming,
    signal: options.signal ?? new AbortController().signal
  })
  return {
    exit,
    stdout: stdout.text(),
    bytes: stdout.bytes(),
    stderr: stderr.text(),
    json: () =>
      stdout
        .text()
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line))
  }
}

function collector() {
  const parts: Buffer[] = []
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      parts.push(Buffer.from(chunk))
      done()
    }
  })
  return { stream, text: () => Buffer.concat(parts).toString('utf8'), bytes: () => Buffer.concat(parts) }
}

export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string
}

export async function temporaryFolder(): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), 'cairn-cli-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}
