import { dirname, join, resolve } from 'node:path'
import { systemCode } from './errors.ts'
import type { FileSystem } from './file-system.ts'
import type { FolderSync } from './folder-sync.ts'
import { TEMP_FOLDER } from './temp-area.ts'

const FOLDER_MODE = 0o700

/** Creates the root and its temp area, durably. Returns the root's real path. */
export const prepareRoot = async (root: string, fs: FileSystem, sync: FolderSync): Promise<string> => {
  await createDurably(resolve(root), fs, sync)
  const real = await fs.realpath(root)
  await createDurably(join(real, TEMP_FOLDER), fs, sync)
  return real
}

const createDurably = async (folder: string, fs: FileSystem, sync: FolderSync): Promise<void> => {
  try {
    await fs.mkdir(folder, FOLDER_MODE)
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return await syncIfAllowed(dirname(folder), sync)
    if (systemCode(error) !== 'ENOENT' || dirname(folder) === folder) throw error
    await createDurably(dirname(folder), fs, sync)
    return await createDurably(folder, fs, sync)
  }
  await sync.sync(dirname(folder))
}

/** Somebody else made the folder, perhaps a moment ago. The folder above may be closed to us. */
const syncIfAllowed = async (folder: string, sync: FolderSync): Promise<void> => {
  try {
    await sync.sync(folder)
  } catch (error) {
    const code = systemCode(error)
    if (code !== 'EACCES' && code !== 'EPERM' && code !== 'EROFS') throw error
  }
}
