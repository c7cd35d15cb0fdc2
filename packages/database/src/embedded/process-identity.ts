import { execFile } from 'node:child_process'
import { readFile, readlink } from 'node:fs/promises'
import { hostname } from 'node:os'
import { promisify } from 'node:util'
import { errorCode, orMissing } from './file-errors.ts'

/** Tells a process apart from a later one that was given the same number. */
export interface ProcessIdentity {
  readonly pid: number
  /** When it started, in whatever unit the system counts; only compared for equality. */
  readonly started: string
  /** The system run and the process table `pid` belongs to. */
  readonly table: string
  readonly host: string
}

export const identifyThisProcess = async (): Promise<ProcessIdentity> => ({
  pid: process.pid,
  started: (await startOf(process.pid)) ?? '',
  table: await processTable(),
  host: hostname()
})

/** True, false, or undefined when `identity` comes from another process table (a container, a boot). */
export const isRunning = async (identity: ProcessIdentity): Promise<boolean | undefined> => {
  if (identity.table !== (await processTable())) return undefined
  if (!(await isAlive(identity.pid))) return false
  return (await startOf(identity.pid)) === identity.started
}

/** A process with this number exists and has not ended; a zombie nobody has reaped has. */
export const isAlive = async (pid: number): Promise<boolean> => {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (errorCode(error) === 'ESRCH') return false
    if (errorCode(error) !== 'EPERM') throw error
  }
  return (await linuxStat(pid))?.state !== 'Z'
}

const startOf = async (pid: number): Promise<string | undefined> => {
  if (process.platform === 'linux') return (await linuxStat(pid))?.started
  if (process.platform === 'win32') return ''
  const { stdout } = await promisify(execFile)('ps', ['-o', 'lstart=', '-p', String(pid)]).catch(() => ({ stdout: '' }))
  return stdout.trim()
}

const processTable = async (): Promise<string> => {
  if (process.platform !== 'linux') return hostname()
  const boot = await orMissing(readFile('/proc/sys/kernel/random/boot_id', 'utf8'))
  const namespace = await orMissing(readlink('/proc/self/ns/pid'))
  return `${boot?.trim() ?? ''} ${namespace ?? ''}`
}

const linuxStat = async (pid: number): Promise<{ state: string; started: string } | undefined> => {
  if (process.platform !== 'linux') return undefined
  const text = await orMissing(readFile(`/proc/${pid}/stat`, 'utf8'))
  // The second field, the program's name in parentheses, may itself hold spaces and parentheses.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ')
  return fields === undefined ? undefined : { state: fields[0] ?? '', started: fields[19] ?? '' }
}
