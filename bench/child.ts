import { type ChildProcess, spawn } from 'node:child_process'

export interface ChildServer extends AsyncDisposable {
  readonly process: ChildProcess
  readonly port: number
  /** Milliseconds from spawn to ready. */
  readonly readyMs: number
}

const TUNING = {
  MALLOC_MMAP_THRESHOLD_: '33554432',
  MALLOC_TRIM_THRESHOLD_: '268435456',
  MALLOC_ARENA_MAX: '4'
}

/** Starts a server that prints `{"port":…}` on its first line. */
export const startChild = async (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<ChildServer> => {
  const began = performance.now()
  const child = spawn(process.execPath, [...args], {
    env: { ...process.env, ...TUNING, ...env },
    stdio: ['ignore', 'pipe', 'inherit']
  })
  const port = await new Promise<number>((resolve, reject) => {
    let text = ''
    child.stdout.on('data', (bytes: Buffer) => {
      text += bytes.toString()
      const match = /"port":(\d+)/.exec(text)
      if (match) resolve(Number(match[1]))
    })
    child.stdout.on('end', () => {
      if (process.env['BENCH_VERBOSE']) process.stderr.write(text)
    })
    child.on('exit', (code) => reject(new Error(`the server ended with ${code}: ${text}`)))
  })
  return {
    process: child,
    port,
    readyMs: performance.now() - began,
    [Symbol.asyncDispose]: async () => {
      const gone = new Promise((resolve) => child.once('exit', resolve))
      if (child.exitCode === null) {
        child.kill('SIGTERM')
        await gone
      }
    }
  }
}
