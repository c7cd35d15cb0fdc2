import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { ServerAccount } from './account.ts'

const OUTPUT_LENGTH = 4_000

export interface ProgramRun {
  readonly program: string
  readonly args: readonly string[]
  readonly account: ServerAccount | undefined
  readonly cwd: string
}

/** Nothing of this process's environment, secrets included, reaches PostgreSQL. */
export const serverEnvironment = (): Record<string, string> => ({
  LC_ALL: 'C',
  TZ: 'UTC',
  ...(process.platform === 'win32' ? { SystemRoot: 'C:\\Windows' } : { PATH: '/usr/bin:/bin' })
})

export const runAs = (account: ServerAccount | undefined): { uid?: number; gid?: number } =>
  account === undefined ? {} : { uid: account.uid, gid: account.gid }

/** Runs a program to its end; rejects with the end of its output when it fails. */
export const runProgram = async ({ program, args, account, cwd }: ProgramRun): Promise<void> => {
  const child = spawn(program, args, {
    cwd,
    env: serverEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
    ...runAs(account)
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output = (output + chunk).slice(-OUTPUT_LENGTH)
    })
  }
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null]
  if (code !== 0) throw new Error(`${program} ended with ${signal ?? `code ${code}`}: ${output.trim()}`)
}
