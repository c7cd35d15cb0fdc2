import type { OperationContext } from './context.ts'
import type { TreeNode } from './node.ts'
import type { RestoreAction } from './operation.ts'
import { applied, type Outcome, refused } from './outcome.ts'
import { fitsDepth, levelsAllowed, nameBeside, TOO_DEEP, targetFolder } from './place.ts'
import { reach } from './reach.ts'
import { record } from './record.ts'
import type { WorkingSet } from './working-set.ts'

/** The folder it was in; when that is gone or in the trash, the nearest ancestor that is live, else the root. */
const homeOf = (set: WorkingSet, node: TreeNode): string => {
  let home: string | undefined
  for (let id = node.parentId; id !== null; ) {
    const folder = set.node(id)
    if (folder === null) return set.rootId
    // Nothing below a dead folder is a home, however live its own row.
    home = folder.state === 'live' ? (home ?? folder.id) : undefined
    id = folder.parentId
  }
  return home ?? set.rootId
}

export const restore = (context: OperationContext, action: RestoreAction): Outcome => {
  const { set } = context
  const place = reach(set, action.nodeId)
  if (place.status === 'unknown') return refused('not_found', 'It does not exist')
  const { node } = place
  if (place.status === 'live') return applied(node)
  if (node.state !== 'trashed') {
    return refused('gone', 'It is inside a folder that is in the trash', { node, state: 'trashed' })
  }
  const view = { node, state: 'trashed' } as const
  const folder = targetFolder(context, homeOf(set, node))
  if (!folder.applied) return folder
  if (!fitsDepth(folder, set.height(node, levelsAllowed(folder)))) return refused('too_deep', TOO_DEEP, view)
  const wanted = { text: node.name, fold: node.nameFold }
  const taken = set.child(folder.node.id, wanted.fold) !== null
  const name = taken ? nameBeside(set, folder.node.id, wanted) : wanted
  const after: TreeNode = {
    ...node,
    parentId: folder.node.id,
    name: name.text,
    nameFold: name.fold,
    state: 'live',
    metaRev: node.metaRev + 1,
    trashedAt: null,
    trashedPath: null
  }
  return applied(record(context, after, node))
}
