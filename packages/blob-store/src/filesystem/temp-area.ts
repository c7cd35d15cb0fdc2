import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { BlobClock, BlobRandom } from '../ambient.ts'
import { isAbsent } from './errors.ts'
import type { FileSystem } from './file-system.ts'

export const TEMP_FOLDER = '.tmp'

/** Whose temp files are alive, as far as this process can tell. */
export interface ProcessIdentity {
  readonly host: string
  readonly pid: number
  /** When this process started, in milliseconds since the epoch. */
  readonly startedAt: number
  readonly isAlive: (pid: number) => boolean
}

export interface TempArea {
  readonly fs: FileSystem
  readonly folder: string
  readonly process: ProcessIdentity
  readonly clock: BlobClock
  readonly random: BlobRandom
}

const RANDOM_BYTES = 16

/** `<host>.<pid>.<random>`; the host is hashed because its name may hold anything. */
export const newTempPath = (area: TempArea): string => {
  const random = Buffer.from(area.random.bytes(RANDOM_BYTES)).toString('hex')
  return join(area.folder, `${hostTag(area.process.host)}.${area.process.pid}.${random}`)
}

/** Removes what dead processes left. Returns how many files went. */
export const sweepTempArea = async (area: TempArea): Promise<number> => {
  let removed = 0
  for await (const { name, kind } of area.fs.list(area.folder)) {
    if (kind !== 'file') continue
    const path = join(area.folder, name)
    try {
      const { modifiedAt } = await area.fs.lstat(path)
      if (!isStale(name, modifiedAt, area)) continue
      await area.fs.unlink(path)
      removed += 1
    } catch (error) {
      // Another process sweeps the same root.
      if (!isAbsent(error)) throw error
    }
  }
  return removed
}

/** No upload pauses for so long inside one object. */
const ABANDONED_AFTER_MS = 24 * 60 * 60 * 1000
/** File times may be coarser than the clock. */
const START_SLACK_MS = 2000

const isStale = (name: string, modifiedAt: number, area: TempArea): boolean => {
  if (area.clock.now() - modifiedAt > ABANDONED_AFTER_MS) return true
  const [host, pidText] = name.split('.')
  if (host !== hostTag(area.process.host)) return false
  const pid = Number(pidText)
  // In a container the process id is the same after every restart, so our own id proves nothing.
  if (pid === area.process.pid) return modifiedAt < area.process.startedAt - START_SLACK_MS
  return !area.process.isAlive(pid)
}

const hostTag = (host: string): string => createHash('sha256').update(host).digest('hex').slice(0, 12)
