import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { CliError, EXIT } from '../exit-codes.ts'
import { type Snapshot, snapshotOf } from './snapshot.ts'

export interface OpenFile extends AsyncDisposable {
  readonly handle: FileHandle
  readonly snapshot: Snapshot
  /** The file's state now, of the open file itself. */
  look(): Promise<Snapshot>
}

/**
 * Opens a regular file for reading. Without blocking on a pipe and without following a link that
 * took the file's place since it was looked at, unless `follow`.
 */
export async function openRegular(path: string, options: { follow: boolean }): Promise<OpenFile> {
  const link = options.follow ? 0 : (constants.O_NOFOLLOW ?? 0)
  const handle = await open(path, constants.O_RDONLY | link | (constants.O_NONBLOCK ?? 0))
  try {
    const stats = await handle.stat({ bigint: true })
    if (!stats.isFile()) throw new CliError(EXIT.general, 'not_a_file', `${path} is not a regular file any more`)
    return {
      handle,
      snapshot: snapshotOf(stats),
      look: async () => snapshotOf(await handle.stat({ bigint: true })),
      [Symbol.asyncDispose]: () => handle.close()
    }
  } catch (error) {
    await handle.close()
    throw error
  }
}
