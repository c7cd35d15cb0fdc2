import { execFile } from 'node:child_process'
import { readFile, readlink, realpath, rm } from 'node:fs/promises'
import { promisify } from 'node:util'
import type { Clock, Logger } from '@cairn/runtime'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'
import { orMissing } from './file-errors.ts'
import { readPostmasterFile } from './postmaster-file.ts'
import { isAlive } from './process-identity.ts'
import { signalServer } from './signal-server.ts'

export interface OrphanOptions {
  readonly cluster: string
  readonly clock: Clock
  readonly logger: Logger
}

/** How long each way of stopping is given, milliseconds. */
const STEPS = [
  ['fast', 15_000],
  ['immediate', 5_000],
  ['kill', 5_000]
] as const

/**
 * Stops the server an earlier, killed process of ours has left running on the cluster. A fresh start costs
 * less than a second, and its output and life are then ours again. Call it with the folder locked.
 */
export const stopOrphan = async ({ cluster, clock, logger }: OrphanOptions): Promise<void> => {
  const file = await readPostmasterFile(cluster)
  if (file === undefined) return
  if (file.pid === 0 || !(await isAlive(file.pid)) || !(await servesCluster(file.pid, cluster))) {
    // The number may belong to a stranger by now; PostgreSQL would then refuse to start.
    await rm(file.path, { force: true })
    return
  }
  logger.warn({ pid: file.pid }, 'stopping the PostgreSQL server an earlier process has left running')
  for (const [how, patience] of STEPS) {
    await signalServer(file.pid, how)
    const deadline = clock.now() + patience
    while (clock.now() < deadline) {
      if (!(await isAlive(file.pid))) return
      await clock.sleep(20)
    }
  }
  throw new EmbeddedPostgresError('in_use', `the PostgreSQL server with process id ${file.pid} cannot be stopped`)
}

const servesCluster = async (pid: number, cluster: string): Promise<boolean> => {
  if (process.platform === 'linux') {
    // A server's working folder is its cluster.
    const [folder, name] = await Promise.all([
      orMissing(readlink(`/proc/${pid}/cwd`)),
      orMissing(readFile(`/proc/${pid}/comm`, 'utf8'))
    ])
    return name?.trim() === 'postgres' && folder === (await realpath(cluster))
  }
  if (process.platform === 'win32') return true
  const { stdout } = await promisify(execFile)('ps', ['-o', 'command=', '-p', String(pid)]).catch(() => ({
    stdout: ''
  }))
  return stdout.includes('postgres') && stdout.includes(cluster)
}
