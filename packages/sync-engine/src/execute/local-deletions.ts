import type { DeleteLocal } from '../plan/actions.ts'
import { parentPath } from '../trees/local-tree.ts'
import { bringBack } from './downloads.ts'
import { assertUnchanged } from './local-structure.ts'
import { trashPlace } from './local-trash.ts'
import { type Execution, FolderError } from './ports.ts'
import type { Round } from './report.ts'

/** Files go to the local trash, folders only when they are empty. */
export const deleteLocal = async (execution: Execution, action: DeleteLocal, round: Round): Promise<void> => {
  const { folder, state } = execution
  const { id, entry, path } = action
  if (entry.kind === 'folder') await removeFolder(execution, entry, path)
  else await toTrash(execution, entry, path)
  await folder.flush([parentPath(path)])
  state.write({ forget: [id] })
  round.done += 1
}

/** What is left in it is not synced: it stays, with its folder. */
const removeFolder = async ({ folder }: Execution, entry: DeleteLocal['entry'], path: string): Promise<void> => {
  await assertUnchanged(await folder.look(path), entry)
  try {
    await folder.removeFolder(path)
  } catch (error) {
    if (!(error instanceof FolderError) || error.code !== 'not_empty') throw error
  }
}

const toTrash = async (execution: Execution, entry: DeleteLocal['entry'], path: string): Promise<void> => {
  const { folder } = execution
  await assertUnchanged(await folder.look(path), entry)
  const trashed = await trashPlace(execution, path)
  await folder.move(path, trashed)
  try {
    await assertUnchanged(await folder.look(trashed), entry)
  } catch (error) {
    await bringBack({ folder }, trashed, path)
    throw error
  }
}
