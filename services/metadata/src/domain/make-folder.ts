import type { OperationContext } from './context.ts'
import { newNode } from './new-node.ts'
import type { MakeFolderAction } from './operation.ts'
import { applied, type Outcome, refused } from './outcome.ts'
import { fitsDepth, nameBeside, TOO_DEEP, targetFolder, validName } from './place.ts'
import { record } from './record.ts'

export const makeFolder = (context: OperationContext, action: MakeFolderAction): Outcome => {
  const named = validName(action.name)
  if (!named.applied) return named
  const folder = targetFolder(context, action.parent)
  if (!folder.applied) return folder
  if (!fitsDepth(folder, 0)) return refused('too_deep', TOO_DEEP)

  const standing = context.set.child(folder.node.id, named.name.fold)
  if (standing !== null) {
    if (action.onConflict === 'merge' && standing.kind === 'folder') return applied(standing)
    if (action.onConflict !== 'rename') {
      return refused('name_taken', 'The name is taken', { node: standing, state: 'live' })
    }
  }
  const name = standing === null ? named.name : nameBeside(context.set, folder.node.id, named.name)
  const node = newNode(context, { id: action.newNodeId, parentId: folder.node.id, name, kind: 'folder' })
  return applied(record(context, node))
}
