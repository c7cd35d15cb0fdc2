import { link, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Timing } from '@cairn/client'
import { CliError, EXIT } from '../exit-codes.ts'
import { isSystemError } from '../system-error.ts'

// Longer than any exchange of a refresh token takes.
const STALE_MS = 90_000
const GIVE_UP_MS = 100_000
const POLL_MS = 40

/** Runs `work` while no other process holds the lock file. A lock whose holder died is taken over. */
export async function withFileLock<T>(path: string, timing: Timing, work: () => Promise<T>): Promise<T> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const mine = `${process.pid} ${timing.uuid()}`
  const started = timing.now()
  while (!(await tryLock(path, mine))) {
    const stale = await staleContent(path, timing)
    if (stale !== undefined) await breakLock(path, stale, `${path}.${timing.uuid()}`)
    else if (timing.now() - started > GIVE_UP_MS) throw new CliError(EXIT.general, 'locked', `${path} stays locked`)
    else await timing.sleep(POLL_MS * (1 + timing.unit()))
  }
  try {
    return await work()
  } finally {
    await release(path, mine)
  }
}

async function tryLock(path: string, mine: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx', 0o600)
    try {
      await file.writeFile(mine)
    } finally {
      await file.close()
    }
    return true
  } catch (error) {
    // EPERM/EACCES: Windows, while another process deletes the file.
    if (isSystemError(error, 'EEXIST', 'EPERM', 'EACCES')) return false
    throw error
  }
}

/** The content of a lock that nobody holds any more. */
async function staleContent(path: string, timing: Timing): Promise<string | undefined> {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(path, 'utf8'), stat(path)])
    // Empty for the moment between creating and writing.
    const pid = Number.parseInt(text, 10)
    const dead = Number.isInteger(pid) && !isAlive(pid)
    return dead || timing.now() - mtimeMs > STALE_MS ? text : undefined
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return undefined
    throw error
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return !isSystemError(error, 'ESRCH')
  }
}

// Moved aside before it is judged again: between look and move another process may have broken the
// stale lock and taken a fresh one, which then goes back.
async function breakLock(path: string, stale: string, aside: string): Promise<void> {
  try {
    await rename(path, aside)
    if ((await readFile(aside, 'utf8')) !== stale) await link(aside, path)
  } catch (error) {
    if (!isSystemError(error, 'ENOENT', 'EEXIST', 'EPERM', 'EACCES')) throw error
  }
  await rm(aside, { force: true })
}

async function release(path: string, mine: string): Promise<void> {
  const text = await readFile(path, 'utf8').catch(() => '')
  if (text === mine) await rm(path, { force: true })
}
