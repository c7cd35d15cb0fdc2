import type { ErrorCode } from '@cairn/contracts'
import type { NodeState, TreeNode } from './node.ts'

/** What callers see of a node: its row, with the state that its ancestors give it. */
export interface NodeView {
  readonly node: TreeNode
  readonly state: NodeState
}

export interface Applied {
  readonly applied: true
  readonly view: NodeView
}

export interface Refused {
  readonly applied: false
  readonly code: ErrorCode
  readonly message: string
  /** The node as it stands, so that the caller can plan anew. */
  readonly view?: NodeView
}

export type Outcome = Applied | Refused

export const applied = (node: TreeNode): Applied => ({ applied: true, view: { node, state: node.state } })

export const refused = (code: ErrorCode, message: string, view?: NodeView): Refused =>
  view === undefined ? { applied: false, code, message } : { applied: false, code, message, view }
