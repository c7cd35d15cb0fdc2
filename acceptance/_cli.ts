import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from './_server.ts'

export interface CliResult {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  /** One value per line of stdout. */
  records<T>(): T[]
}

export interface CliOptions {
  readonly stdin?: string | Uint8Array
  readonly env?: Readonly<Record<string, string>>
}

export interface RunningCli {
  readonly child: ChildProcess
  readonly done: Promise<CliResult>
}

/** The command line as one user of one machine sees it: own settings folder, own working folder. */
export interface Cli extends AsyncDisposable {
  readonly folder: string
  readonly config: string
  start(args: readonly string[], options?: CliOptions): RunningCli
  run(args: readonly string[], options?: CliOptions): Promise<CliResult>
}

export const createCli = async (url: string, token?: string): Promise<Cli> => {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-acceptance-cli-'))
  const config = join(folder, '.config')
  const start = (args: readonly string[], { stdin, env = {} }: CliOptions = {}): RunningCli => {
    const child = spawn(join(ROOT, 'cairn'), args, {
      cwd: folder,
      env: {
        PATH: process.env['PATH'],
        HOME: folder,
        CAIRN_CONFIG_HOME: config,
        CAIRN_URL: url,
        ...(token === undefined ? {} : { CAIRN_TOKEN: token }),
        ...env
      }
    })
    return { child, done: collect(child, stdin) }
  }
  return {
    folder,
    config,
    start,
    run: (args, options) => start(args, options).done,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true })
  }
}

const collect = (child: ReturnType<typeof spawn>, stdin: string | Uint8Array | undefined): Promise<CliResult> =>
  new Promise((resolve, reject) => {
    const out: Buffer[] = []
    const err: Buffer[] = []
    child.stdout?.on('data', (part: Buffer) => out.push(part))
    child.stderr?.on('data', (part: Buffer) => err.push(part))
    child.once('error', reject)
    child.once('close', (code) => {
      const stdout = Buffer.concat(out).toString('utf8')
      resolve({
        code,
        stdout,
        stderr: Buffer.concat(err).toString('utf8'),
        records: <T>() =>
          stdout
            .split('\n')
            .filter((line) => line !== '')
            .map((line) => JSON.parse(line) as T)
      })
    })
    // A command that ends early does not read what we still write.
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(stdin)
  })
