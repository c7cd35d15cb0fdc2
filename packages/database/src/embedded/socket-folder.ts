import { createHash } from 'node:crypto'
import { chown, lstat, mkdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { blockingFolder, type ServerAccount } from './account.ts'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'
import { orMissing } from './file-errors.ts'

/** Of 107 bytes for a socket's path (103 on macOS), what its name `/.s.PGSQL.5432` leaves. */
const LONGEST_FOLDER = 103 - '/.s.PGSQL.5432'.length

/**
 * An empty folder for the server's socket that only its account can enter: next to the data, or under the
 * system's temporary folder when that path is too long for a socket. Call it with the data folder locked
 * and no server running. Undefined on Windows.
 */
export const prepareSocketFolder = async (
  folder: string,
  account: ServerAccount | undefined
): Promise<string | undefined> => {
  if (process.platform === 'win32') return undefined
  const path = socketFolderOf(folder)
  await assertNotForeign(path, account)
  await rm(path, { recursive: true, force: true })
  await mkdir(path, { mode: 0o700 })
  if (account !== undefined) {
    await chown(path, account.uid, account.gid)
    const blocking = await blockingFolder(path, account)
    if (blocking !== undefined) throw notPassable(blocking, account)
  }
  return path
}

export const socketFolderOf = (folder: string): string => {
  const beside = join(folder, 'socket')
  if (Buffer.byteLength(beside) <= LONGEST_FOLDER) return beside
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 16)
  return join(tmpdir(), `cairn-${name}`)
}

export const notPassable = (blocking: string, account: ServerAccount): EmbeddedPostgresError =>
  new EmbeddedPostgresError(
    'not_accessible',
    `PostgreSQL does not run as root; as user "${account.name}" it cannot enter ${blocking}: ` +
      `choose another data folder, run "chmod o+x ${blocking}", or start this program as an ordinary user`
  )

/** In a shared temporary folder somebody else may have made the name first. */
const assertNotForeign = async (path: string, account: ServerAccount | undefined): Promise<void> => {
  const found = await orMissing(lstat(path))
  if (found === undefined) return
  const owners = [process.getuid?.(), account?.uid]
  if (found.isDirectory() && owners.includes(found.uid)) return
  throw new EmbeddedPostgresError('not_accessible', `${path} belongs to somebody else: remove it or set TMPDIR`)
}
