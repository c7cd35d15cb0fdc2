import { constants } from 'node:fs'
import { systemCode } from './errors.ts'
import type { FileSystem } from './file-system.ts'
import { newTempPath, type TempArea } from './temp-area.ts'
import { writeFully } from './write-fully.ts'

const PROBE = new TextEncoder().encode('probe')

/** Writes, syncs, links and removes a small file: what a commit needs, including hard links. */
export const probeDisk = async (area: TempArea): Promise<void> => {
  const { fs } = area
  const path = newTempPath(area)
  const linked = `${path}.link`
  try {
    await writeProbe(fs, path)
    await fs.link(path, linked)
  } finally {
    await removeIfThere(fs, linked)
    await removeIfThere(fs, path)
  }
}

const writeProbe = async (fs: FileSystem, path: string): Promise<void> => {
  const descriptor = await fs.open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600)
  try {
    await writeFully({ fs, descriptor }, [PROBE], 0)
    await fs.fdatasync(descriptor)
  } finally {
    await fs.close(descriptor)
  }
}

const removeIfThere = async (fs: FileSystem, path: string): Promise<void> => {
  try {
    await fs.unlink(path)
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error
  }
}
