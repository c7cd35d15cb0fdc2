export type { Knowledge } from './merge/knowledge.ts'
export type { PlanInput, PlanOptions } from './merge/plan-input.ts'
export { isParkedName } from './names/parked-name.ts'
export { OWN_FOLDER } from './names/reserved.ts'
export type { Action, Learn, Plan, Problem, ProblemCode, RemoteRef } from './plan/actions.ts'
export { plan } from './plan/plan.ts'
export type { EntryKind } from './trees/entry-kind.ts'
export {
  baseName,
  joinPath,
  type LocalEntry,
  type LocalFileOrFolder,
  type LocalState,
  type LocalTree,
  parentPath,
  sameState
} from './trees/local-tree.ts'
export { type RemoteNode, RemoteTree } from './trees/remote-tree.ts'
export type { SyncedNode, SyncedTree } from './trees/synced-node.ts'
