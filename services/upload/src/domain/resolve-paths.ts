import { CairnError } from '@cairn/contracts'
import { mapConcurrent } from '@cairn/runtime'
import type { UploadContext } from '../context.ts'
import { isDefinitive } from '../errors.ts'
import { authorizeWrite } from './authorize.ts'

/** Folder of each path, or why there is none. */
export type FolderOf = (path: string) => string | CairnError

const PARALLEL = 8

export const splitPath = (path: string): { folder: string; name: string } => {
  const slash = path.lastIndexOf('/')
  return { folder: slash < 0 ? '' : path.slice(0, slash), name: path.slice(slash + 1) }
}

/** Finds, and makes where missing, the folders of many paths; each folder is asked for once. */
export const resolvePaths = async (
  context: UploadContext,
  place: { userId: string; drive: string },
  paths: readonly string[]
): Promise<FolderOf> => {
  const samples = new Map(paths.map((path) => [splitPath(path).folder, path]))
  const folders = new Map<string, string | CairnError>()
  await mapConcurrent(samples, PARALLEL, async ([folder, path]) => {
    folders.set(folder, await folderOf(context, place, path))
  })
  return (path) => folders.get(splitPath(path).folder) ?? new CairnError('internal', 'The path was not looked up.')
}

const folderOf = async (
  context: UploadContext,
  { userId, drive }: { userId: string; drive: string },
  path: string
): Promise<string | CairnError> => {
  try {
    const target = await authorizeWrite(context, userId, { drive, path, makeParents: true })
    return target.parentId ?? new CairnError('not_found', 'The folder does not exist.')
  } catch (error) {
    if (isDefinitive(error)) return error
    throw error
  }
}
