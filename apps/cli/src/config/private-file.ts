import { chmod, mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { CliError, EXIT } from '../exit-codes.ts'
import { isSystemError } from '../system-error.ts'

/** A small JSON document only its owner may read. `undefined` when there is none. @throws CliError when it is damaged. */
export async function readPrivateJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return undefined
    if (!(error instanceof SyntaxError)) throw error
    throw new CliError(EXIT.general, 'bad_config', `${path} is damaged; remove it and sign in again`, { cause: error })
  }
}

/** Replaces the document: readers see the old one or the new one, also after a crash. */
export async function writePrivateJson(path: string, value: unknown): Promise<void> {
  const folder = dirname(path)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const temporary = join(folder, `.${process.pid}-${globalThis.crypto.randomUUID()}.tmp`)
  const file = await open(temporary, 'wx', 0o600)
  try {
    await file.writeFile(`${JSON.stringify(value, undefined, 2)}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  await chmod(temporary, 0o600)
  await rename(temporary, path).catch(async (error: unknown) => {
    await rm(temporary, { force: true })
    throw error
  })
}

export const removePrivateFile = (path: string): Promise<void> => rm(path, { force: true })
