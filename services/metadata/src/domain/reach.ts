import type { TreeNode } from './node.ts'
import type { WorkingSet } from './working-set.ts'

export type Reach =
  /** Ancestors nearest first, the drive's root last; empty for the root itself. */
  | { readonly status: 'live'; readonly node: TreeNode; readonly ancestors: readonly TreeNode[] }
  | { readonly status: 'trashed'; readonly node: TreeNode }
  | { readonly status: 'unknown' }

const UNKNOWN: Reach = { status: 'unknown' }

/** Where a node stands: state is decided by the first ancestor (or itself) that is not live. */
export const reach = (set: WorkingSet, nodeId: string): Reach => {
  const node = set.node(nodeId)
  if (node === null) return UNKNOWN
  const ancestors: TreeNode[] = []
  for (let at: TreeNode | null = node; at !== null; ) {
    if (at.state === 'purging') return UNKNOWN
    if (at.state === 'trashed') return { status: 'trashed', node }
    if (at.parentId === null) return at.id === set.rootId ? { status: 'live', node, ancestors } : UNKNOWN
    at = set.node(at.parentId)
    if (at !== null) ancestors.push(at)
  }
  return UNKNOWN
}
