import type { Actor, NodeRef, TreeOperation } from './operation.ts'
import type { WorkingSet } from './working-set.ts'

/** What one operation is applied with. */
export interface OperationContext {
  readonly set: WorkingSet
  readonly actor: Actor
  readonly at: number
  readonly operation: TreeOperation
  /** The node an "op:…" reference names; undefined when that operation was not applied. */
  readonly resolve: (ref: NodeRef) => string | undefined
}
