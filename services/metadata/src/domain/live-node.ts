import type { OperationContext } from './context.ts'
import type { TreeNode } from './node.ts'
import type { Expectation, NodeRef } from './operation.ts'
import { type Refused, refused } from './outcome.ts'
import { type Reach, reach } from './reach.ts'

export type LiveNode = Extract<Reach, { status: 'live' }> & { readonly applied: true }

/** The node an operation is about, if it can be reached. */
export const liveNode = (context: OperationContext, ref: NodeRef): LiveNode | Refused => {
  const id = context.resolve(ref)
  const place = id === undefined ? undefined : reach(context.set, id)
  if (place === undefined || place.status === 'unknown') return refused('not_found', 'It does not exist')
  if (place.status === 'trashed') return refused('gone', 'It is in the trash', { node: place.node, state: 'trashed' })
  return { applied: true, ...place }
}

/** A refusal when the node is not what the caller believes. */
export const checkExpectation = (node: TreeNode, expect: Expectation): Refused | undefined => {
  const holds =
    (expect.contentRev === undefined || expect.contentRev === node.contentRev) &&
    (expect.metaRev === undefined || expect.metaRev === node.metaRev) &&
    (expect.treeRev === undefined || expect.treeRev === node.treeRev)
  return holds ? undefined : refused('stale', 'It has changed meanwhile', { node, state: node.state })
}
