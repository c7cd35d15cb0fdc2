import type { TreeNode } from './node.ts'
import type { Actor, JournalOp } from './operation.ts'

/** The resulting state of one node: applying it twice, or after a newer one, changes nothing. */
export interface JournalEntry {
  readonly seq: number
  readonly op: JournalOp
  readonly node: TreeNode
  readonly actor: Actor
  readonly opId: string
  readonly at: number
}
