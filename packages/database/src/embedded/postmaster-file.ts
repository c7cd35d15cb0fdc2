import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { orMissing } from './file-errors.ts'

/** What a running server writes into its data folder. */
export interface PostmasterFile {
  readonly path: string
  readonly pid: number
}

export const readPostmasterFile = async (cluster: string): Promise<PostmasterFile | undefined> => {
  const path = join(cluster, 'postmaster.pid')
  const text = await orMissing(readFile(path, 'utf8'))
  if (text === undefined) return undefined
  const pid = Number.parseInt(text.split('\n')[0] ?? '', 10)
  return { path, pid: Number.isSafeInteger(pid) ? Math.abs(pid) : 0 }
}
