import type { OperationContext } from './context.ts'
import type { TreeNode } from './node.ts'
import type { WorkingSet } from './working-set.ts'

interface Stamp {
  readonly seq: number
  readonly sizeDelta: number
  /** Levels from the first stamped folder down, counting the changed node itself. */
  readonly levels: number
}

const stampAncestors = (set: WorkingSet, from: string | null, stamp: Stamp): void => {
  let levels = stamp.levels
  for (let id = from; id !== null; levels += 1) {
    const folder = set.node(id)
    if (folder === null) return
    set.updateNode({
      ...folder,
      treeSize: folder.treeSize + stamp.sizeDelta,
      treeRev: stamp.seq,
      treeHeight: Math.max(folder.treeHeight, levels)
    })
    id = folder.parentId
  }
}

const weight = (node: TreeNode | undefined): number => (node?.state === 'live' ? node.treeSize : 0)

/**
 * The only way a node changes: gives it the next journal position, writes the entry, keeps the
 * children's index right and stamps the ancestors of where it was and where it is.
 */
export const record = (context: OperationContext, after: TreeNode, before?: TreeNode): TreeNode => {
  const { set, actor, at, operation } = context
  const seq = set.nextSeq()
  const node: TreeNode = { ...after, seq, treeRev: seq, modifiedAt: at }
  if (before === undefined) set.insertNode(node)
  else set.updateNode(node)
  if (before?.state === 'live' && before.parentId !== null) set.setChild(before.parentId, before.nameFold, null)
  if (node.state === 'live' && node.parentId !== null) set.setChild(node.parentId, node.nameFold, node.id)

  // Rows that cannot be reached belong to the purge job, which works without the drive's lock.
  if (before?.state === 'live' || node.state === 'live') stampPlaces(set, node, before)
  set.addJournal({ seq, op: operation.journalOp, node, actor, opId: operation.opId, at })
  return node
}

const stampPlaces = (set: WorkingSet, node: TreeNode, before: TreeNode | undefined): void => {
  const { seq } = node
  const levels = node.state === 'live' ? node.treeHeight + 1 : 0
  if (before === undefined || before.parentId === node.parentId) {
    stampAncestors(set, node.parentId, { seq, sizeDelta: weight(node) - weight(before), levels })
  } else {
    if (before.state === 'live') stampAncestors(set, before.parentId, { seq, sizeDelta: -weight(before), levels: 0 })
    stampAncestors(set, node.parentId, { seq, sizeDelta: weight(node), levels })
  }
}
