import type { OperationContext } from './context.ts'
import { checkExpectation } from './live-node.ts'
import type { TreeNode } from './node.ts'
import type { TrashAction } from './operation.ts'
import { applied, type Outcome, refused } from './outcome.ts'
import { reach } from './reach.ts'
import { record } from './record.ts'

const pathOf = (node: TreeNode, ancestors: readonly TreeNode[]): string =>
  [node, ...ancestors.slice(0, -1)]
    .map(({ name }) => name)
    .reverse()
    .join('/')

/** One row, whatever hangs below: that becomes unreachable. Doing it twice is doing it once. */
export const trash = (context: OperationContext, action: TrashAction): Outcome => {
  const id = context.resolve(action.nodeId)
  const place = id === undefined ? undefined : reach(context.set, id)
  if (place === undefined || place.status === 'unknown') return refused('not_found', 'It does not exist')
  const { node } = place
  if (place.status === 'trashed') return { applied: true, view: { node, state: 'trashed' } }
  const view = { node, state: 'live' } as const
  if (node.parentId === null) return refused('forbidden', 'The root of a drive cannot be deleted', view)
  const stale = checkExpectation(node, action.expect)
  if (stale !== undefined) return stale
  if (action.observedSeq !== undefined && context.set.treeRevBefore(node) > action.observedSeq) {
    const code = node.kind === 'folder' ? 'stale_subtree' : 'stale'
    return refused(code, 'Something in it has changed meanwhile', view)
  }
  const after: TreeNode = {
    ...node,
    state: 'trashed',
    metaRev: node.metaRev + 1,
    trashedAt: context.at,
    trashedPath: pathOf(node, place.ancestors)
  }
  return applied(record(context, after, node))
}
