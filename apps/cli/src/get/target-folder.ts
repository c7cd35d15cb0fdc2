import { constants } from 'node:fs'
import { type FileHandle, lstat, mkdir, open, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { CliError, EXIT } from '../exit-codes.ts'
import { isSystemError } from '../system-error.ts'

/**
 * A local folder held open, so that whoever swaps it for a link meanwhile leads nobody astray: on
 * Linux all paths go through the open folder itself, elsewhere it is checked to be in its place.
 * New names in it are durable once it is disposed.
 */
export interface TargetFolder extends AsyncDisposable {
  /** For the user. */
  readonly shown: string
  /** Of an entry, for file system calls. `name` must come from localName. */
  path(name: string): Promise<string>
  /** A folder in this one, made when missing. @throws CliError when something else, or a link, is there. */
  enter(name: string): Promise<TargetFolder>
}

const { O_RDONLY, O_DIRECTORY = 0, O_NOFOLLOW = 0 } = constants

/** The folder the user named; links to it are followed. Made when missing. */
export async function openTarget(path: string): Promise<TargetFolder> {
  await mkdir(path, { recursive: true })
  return hold(path, path, O_RDONLY | O_DIRECTORY)
}

async function hold(path: string, shown: string, flags: number): Promise<TargetFolder> {
  const handle = await open(path, flags)
  try {
    const base = await baseOf(handle, path)
    const folder: TargetFolder = {
      shown,
      path: async (name) => {
        if (base.checked) await assertInPlace(handle, base.path, shown)
        return join(base.path, name)
      },
      enter: async (name) => enter(await folder.path(name), join(shown, name)),
      [Symbol.asyncDispose]: () => syncFolder(handle).finally(() => handle.close())
    }
    return folder
  } catch (error) {
    await handle.close()
    throw error
  }
}

async function enter(path: string, shown: string): Promise<TargetFolder> {
  try {
    await mkdir(path)
  } catch (error) {
    if (!isSystemError(error, 'EEXIST')) throw error
  }
  try {
    if (!(await lstat(path)).isDirectory()) throw inTheWay(shown)
    return await hold(path, shown, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
  } catch (error) {
    if (isSystemError(error, 'ELOOP', 'ENOTDIR', 'EMLINK')) throw inTheWay(shown)
    throw error
  }
}

interface Base {
  readonly path: string
  /** Whether the path must be compared with the open folder before each use. */
  readonly checked: boolean
}

async function baseOf(handle: FileHandle, path: string): Promise<Base> {
  const own = `/proc/self/fd/${handle.fd}`
  try {
    const [mine, there] = await Promise.all([handle.stat({ bigint: true }), stat(own, { bigint: true })])
    if (mine.dev === there.dev && mine.ino === there.ino) return { path: own, checked: false }
  } catch (error) {
    if (!isSystemError(error, 'ENOENT', 'ENOTDIR', 'EACCES', 'EPERM')) throw error
  }
  return { path, checked: true }
}

async function assertInPlace(handle: FileHandle, path: string, shown: string): Promise<void> {
  const [mine, there] = await Promise.all([handle.stat({ bigint: true }), stat(path, { bigint: true })])
  if (mine.dev !== there.dev || mine.ino !== there.ino) throw inTheWay(shown)
}

async function syncFolder(handle: FileHandle): Promise<void> {
  try {
    await handle.sync()
  } catch (error) {
    // Windows, and file systems without it.
    if (!isSystemError(error, 'EPERM', 'EINVAL', 'ENOTSUP', 'EBADF', 'EISDIR')) throw error
  }
}

const inTheWay = (shown: string) =>
  new CliError(EXIT.conflict, 'not_a_folder', `${shown} is a link or no folder; nothing is written through it`)
