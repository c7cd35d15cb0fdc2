import { OWN_FOLDER } from '../names/reserved.ts'
import { baseName, parentPath } from '../trees/local-tree.ts'
import type { Execution } from './ports.ts'

export const TRASH_FOLDER = `${OWN_FOLDER}/trash`

/** Where a file can go that leaves its place; never taken. */
export const trashPlace = async ({ folder, day, unique }: Execution, path: string): Promise<string> => {
  const place = `${TRASH_FOLDER}/${day}/${unique()}`
  await folder.makeFolders(place)
  return `${place}/${baseName(path)}`
}

/** It was only put aside. */
export const dropTrashed = async ({ folder }: Execution, trashed: string): Promise<void> => {
  await folder.removeFile(trashed)
  await folder.removeFolder(parentPath(trashed))
}
