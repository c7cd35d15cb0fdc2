import type { RetryEvent } from '@cairn/client'
import { CommanderError } from 'commander'
import type { CommandContext, Patience } from './context/command-context.ts'
import { createOutput, type Output, write } from './context/output.ts'
import type { Platform } from './context/platform.ts'
import { printable } from './context/printable.ts'
import { connect } from './context/session.ts'
import { describe, type ProblemReport } from './describe.ts'
import { CliError, EXIT, type ExitCode, exitCodeOf } from './exit-codes.ts'
import { nodePort } from './http/node-port.ts'
import { type CommandRunner, createProgram, type RawOptions } from './program.ts'
import { isSystemError } from './system-error.ts'

const PATIENCE_SECONDS = 10

/** Runs one command line (without the interpreter and the script) and tells the exit status. */
export async function runCli(args: readonly string[], platform: Platform): Promise<ExitCode> {
  const http = nodePort(platform.env)
  let exit: ExitCode = EXIT.ok
  const runner: CommandRunner = async (raw, action) => {
    exit = await action(createContext(platform, http, raw))
  }
  try {
    await createProgram(platform, runner).parseAsync([...args], { from: 'user' })
    return exit
  } catch (error) {
    // Whoever read our output has seen enough: `cairn cat x | head`.
    if (isSystemError(error, 'EPIPE')) return EXIT.ok
    await report(error, { platform, json: args.includes('--json') })
    return exitCodeOf(error, platform.signal)
  } finally {
    http.close()
  }
}

function createContext(platform: Platform, http: ReturnType<typeof nodePort>, raw: RawOptions): CommandContext {
  const output = createOutput(platform, raw)
  const onRetry = tellOfTrouble(platform, output)
  const connection = ({ retryFor }: Patience = { retryFor: raw.retryFor ?? PATIENCE_SECONDS }) =>
    connect({
      platform,
      http,
      server: raw.server,
      retry: { attempts: 1000, deadlineMs: retryFor * 1000 },
      onRetry
    })
  return {
    platform,
    output,
    options: raw,
    signal: platform.signal,
    http,
    connection,
    client: async (patience) => (await connection(patience)).signedIn()
  }
}

const TELL_EVERY_MS = 15_000

/** Says why nothing moves, once in a while. A short hiccup is not worth a word. */
function tellOfTrouble(platform: Platform, output: Output): (event: RetryEvent) => void {
  let told = Number.NEGATIVE_INFINITY
  return ({ attempt, error }) => {
    const now = platform.timing.now()
    if (attempt < 3 || now - told < TELL_EVERY_MS) return
    told = now
    // A broken stderr is no reason to stop.
    output.warn(`cairn: ${describe(error).message}; trying again`).catch(() => undefined)
  }
}

async function report(error: unknown, { platform, json }: { platform: Platform; json: boolean }): Promise<void> {
  if (error instanceof CommanderError && (!json || error.exitCode === 0)) return
  if (platform.signal.aborted && !(error instanceof CliError)) {
    return write(
      platform.stderr,
      json ? `${JSON.stringify({ error: { code: 'interrupted' } })}\n` : 'cairn: interrupted\n'
    )
  }
  const problem = describe(error)
  const text = json ? JSON.stringify({ error: problem }) : `cairn: ${printable(problem.message)}${reference(problem)}`
  await write(platform.stderr, `${text}\n`)
}

const reference = ({ requestId }: ProblemReport) =>
  requestId === undefined ? '' : ` (request ${printable(requestId)})`
