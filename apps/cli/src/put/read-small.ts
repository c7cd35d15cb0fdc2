import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { CliError, EXIT } from '../exit-codes.ts'
import { type Snapshot, sameSnapshot, snapshotOf } from '../files/snapshot.ts'
import type { LocalFile } from './put-run.ts'

const TRIES = 5

export interface SmallContent {
  readonly bytes: Uint8Array
  readonly mtimeMs: number
}

/**
 * A small file's content, read while nobody changed it. `undefined` when it has grown beyond `limit`.
 * Synchronous: with thousands of files a trip to the thread pool costs several times the read.
 * @throws CliError `changing` when it never holds still, or the system's error.
 */
export function readSmall(file: LocalFile, limit: number): SmallContent | undefined {
  for (let tries = 0; tries < TRIES; tries++) {
    const fd = openSync(file.path, flagsOf(file))
    try {
      const before = look(fd, file.path)
      if (before.size > limit) return undefined
      const bytes = new Uint8Array(before.size)
      const count = before.size === 0 ? 0 : readSync(fd, bytes, 0, before.size, 0)
      if (count === before.size && sameSnapshot(before, look(fd, file.path))) return { bytes, mtimeMs: before.mtimeMs }
    } finally {
      closeSync(fd)
    }
  }
  throw changing(file.path)
}

// See openRegular.
const flagsOf = ({ follow }: LocalFile): number =>
  constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (follow ? 0 : (constants.O_NOFOLLOW ?? 0))

function look(fd: number, path: string): Snapshot {
  const stats = fstatSync(fd, { bigint: true })
  if (!stats.isFile()) throw new CliError(EXIT.general, 'not_a_file', `${path} is not a regular file any more`)
  return snapshotOf(stats)
}

export const changing = (path: string) =>
  new CliError(EXIT.conflict, 'changing', `${path} keeps changing while it is read; try again later`)
