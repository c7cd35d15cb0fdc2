import { chmod, mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string
}

/** A fresh folder, removed with everything in it on disposal. */
export const createTemporaryFolder = async (label = 'test'): Promise<TemporaryFolder> => {
  const path = await mkdtemp(join(await realpath(tmpdir()), `cairn-${label}-`))
  // Servers started by root run as somebody else, who must be able to pass through.
  await chmod(path, 0o711)
  return {
    path,
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 3 })
  }
}
