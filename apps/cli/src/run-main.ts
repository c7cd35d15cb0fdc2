import { homedir } from 'node:os'
import { systemTiming } from '@cairn/client'
import { runCli } from './run.ts'

/** The command line as a process: arguments, environment and signals in, exit status out. */
export async function runMain(): Promise<void> {
  const abort = new AbortController()
  // The second time the system's own handler ends the process at once.
  const interrupt = () => abort.abort(new Error('interrupted'))
  process.once('SIGINT', interrupt)
  process.once('SIGTERM', interrupt)
  // Reported by the write that fails; without a listener the process would die of it.
  process.stdout.on('error', () => undefined)

  process.exitCode = await runCli(process.argv.slice(2), {
    env: process.env,
    os: process.platform,
    home: homedir(),
    cwd: process.cwd(),
    get stdin() {
      // Opened only where it is read: it would keep the process alive.
      return process.stdin
    },
    stdout: process.stdout,
    stderr: process.stderr,
    timing: systemTiming,
    signal: abort.signal
  })
}
