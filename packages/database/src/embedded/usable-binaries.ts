import { chown, cp, lstat, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Logger } from '@cairn/runtime'
import { blockingFolder, type ServerAccount } from './account.ts'
import { type PostgresBinaries, programPath } from './binaries.ts'
import { orMissing } from './file-errors.ts'
import { ensureLibraryLinks } from './library-links.ts'

export interface UsableBinariesOptions {
  /** Where a private copy may be kept. */
  readonly folder: string
  readonly account: ServerAccount | undefined
  readonly logger: Logger
}

/**
 * The installed programs as they are, when they are complete and the account can reach them; otherwise a
 * copy of our own (60 MB, made once per version), for example when the installation is read-only or in /root.
 */
export const usableBinaries = async (
  installed: PostgresBinaries,
  { folder, account, logger }: UsableBinariesOptions
): Promise<PostgresBinaries> => {
  const complete = await ensureLibraryLinks(installed.root)
  const reachable =
    account === undefined || (await blockingFolder(programPath(installed, 'postgres'), account)) === undefined
  if (complete && reachable) return installed

  const copy = { ...installed, root: join(folder, `postgresql-${installed.version}`, basename(installed.root)) }
  if ((await orMissing(lstat(copy.root))) === undefined) {
    logger.info({ complete, reachable }, 'copying the PostgreSQL programs next to the data')
    await makeCopy(installed, copy, account)
  }
  return copy
}

const makeCopy = async (
  installed: PostgresBinaries,
  copy: PostgresBinaries,
  account: ServerAccount | undefined
): Promise<void> => {
  const home = join(copy.root, '..')
  const unfinished = `${home}.unfinished`
  await rm(unfinished, { recursive: true, force: true })
  await mkdir(unfinished, { mode: 0o755 })
  await cp(installed.root, join(unfinished, basename(copy.root)), { recursive: true, verbatimSymlinks: true })
  await ensureLibraryLinks(join(unfinished, basename(copy.root)))
  if (account !== undefined) await chownTree(unfinished, account)
  await rename(unfinished, home)
}

/** Gives a folder and everything in it to the account. Links themselves, never what they point to. */
const chownTree = async (path: string, account: ServerAccount): Promise<void> => {
  await chown(path, account.uid, account.gid)
  for (const entry of await readdir(path, { withFileTypes: true })) {
    const child = join(path, entry.name)
    if (entry.isDirectory()) await chownTree(child, account)
    else if (entry.isFile()) await chown(child, account.uid, account.gid)
  }
}
