import { CliError, EXIT } from '../exit-codes.ts'
import { openRegular } from '../files/open-regular.ts'
import { sameSnapshot } from '../files/snapshot.ts'
import type { LocalFile } from './put-run.ts'

const TRIES = 5

export interface SmallContent {
  readonly bytes: Uint8Array
  readonly mtimeMs: number
}

/**
 * A small file's content, read while nobody changed it. `undefined` when it has grown beyond `limit`.
 * @throws CliError `changing` when it never holds still.
 */
export async function readSmall(file: LocalFile, limit: number): Promise<SmallContent | undefined> {
  for (let tries = 0; tries < TRIES; tries++) {
    await using open = await openRegular(file.path, { follow: file.follow })
    const { size, mtimeMs } = open.snapshot
    if (size > limit) return undefined
    const bytes = new Uint8Array(size)
    const { bytesRead } = await open.handle.read(bytes, 0, size, 0)
    if (bytesRead === size && sameSnapshot(open.snapshot, await open.look())) return { bytes, mtimeMs }
  }
  throw changing(file.path)
}

export const changing = (path: string) =>
  new CliError(EXIT.conflict, 'changing', `${path} keeps changing while it is read; try again later`)
