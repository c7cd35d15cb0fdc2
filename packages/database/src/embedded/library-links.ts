import { lstat, readFile, symlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { errorCode, orMissing } from './file-errors.ts'

interface LibraryLink {
  /** Existing file. */
  readonly source: string
  /** Name to be linked to it, in the same folder. */
  readonly target: string
}

/**
 * npm packages cannot hold symbolic links, so the libraries' short names come from an install script, which
 * may not have run. Creates what is missing. False when the folder does not let us.
 */
export const ensureLibraryLinks = async (root: string): Promise<boolean> => {
  try {
    for (const { source, target } of await readLinks(root)) {
      // Paths in the list start with "native/", which is `root` itself.
      const path = join(dirname(root), target)
      if ((await orMissing(lstat(path))) !== undefined) continue
      await symlink(basename(source), path).catch((error: unknown) => {
        if (errorCode(error) !== 'EEXIST') throw error
      })
    }
    return true
  } catch (error) {
    if (['EROFS', 'EACCES', 'EPERM'].includes(errorCode(error) ?? '')) return false
    throw error
  }
}

const readLinks = async (root: string): Promise<readonly LibraryLink[]> => {
  const text = await orMissing(readFile(join(root, 'pg-symlinks.json'), 'utf8'))
  if (text === undefined) return []
  const parsed: unknown = JSON.parse(text)
  if (!Array.isArray(parsed)) throw new TypeError('pg-symlinks.json is not a list')
  return parsed.filter(isLink).filter(({ source, target }) => dirname(source) === dirname(target))
}

const isLink = (value: unknown): value is LibraryLink =>
  typeof value === 'object' &&
  value !== null &&
  typeof Reflect.get(value, 'source') === 'string' &&
  typeof Reflect.get(value, 'target') === 'string'
