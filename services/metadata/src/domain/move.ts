import type { OperationContext } from './context.ts'
import { checkExpectation, liveNode } from './live-node.ts'
import type { MoveAction } from './operation.ts'
import { applied, type Outcome, refused } from './outcome.ts'
import { fitsDepth, levelsAllowed, nameBeside, TOO_DEEP, targetFolder, validName } from './place.ts'
import { record } from './record.ts'

/** Moves, renames, or both. Ids stay, so nothing below is touched. */
export const move = (context: OperationContext, action: MoveAction): Outcome => {
  const { set } = context
  const found = liveNode(context, action.nodeId)
  if (!found.applied) return found
  const { node } = found
  const view = { node, state: 'live' } as const
  if (node.parentId === null) return refused('forbidden', 'The root of a drive stays where it is', view)
  const stale = checkExpectation(node, action.expect)
  if (stale !== undefined) return stale

  const named = action.name === undefined ? undefined : validName(action.name)
  if (named?.applied === false) return named
  const wanted = named?.name ?? { text: node.name, fold: node.nameFold }
  const folder = targetFolder(context, action.parent ?? node.parentId)
  if (!folder.applied) return folder
  if (folder.node.id === node.parentId && wanted.text === node.name) return applied(node)

  if (folder.node.id !== node.parentId) {
    const inside = folder.node.id === node.id || folder.ancestors.some((ancestor) => ancestor.id === node.id)
    if (inside) return refused('would_cycle', 'A folder cannot be moved into itself', view)
    if (!fitsDepth(folder, set.height(node, levelsAllowed(folder)))) return refused('too_deep', TOO_DEEP, view)
  }

  const standing = set.child(folder.node.id, wanted.fold)
  const taken = standing !== null && standing.id !== node.id
  if (taken && action.onConflict === 'fail') {
    return refused('name_taken', 'The name is taken', { node: standing, state: 'live' })
  }
  const name = taken ? nameBeside(set, folder.node.id, wanted) : wanted
  const after = {
    ...node,
    parentId: folder.node.id,
    name: name.text,
    nameFold: name.fold,
    metaRev: node.metaRev + 1
  }
  return applied(record(context, after, node))
}
