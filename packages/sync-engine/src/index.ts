export { TEMP_FOLDER } from './execute/downloads.ts'
export { finishMove } from './execute/local-structure.ts'
export { TRASH_FOLDER } from './execute/local-trash.ts'
export {
  type DrivePort,
  type Execution,
  type Failure,
  FolderError,
  type FolderErrorCode,
  type FolderPort,
  type RemoteOperation,
  type RemoteResult,
  type StateChange,
  type StatePort,
  type UploadItem,
  type UploadResult
} from './execute/ports.ts'
export type { RoundReport } from './execute/report.ts'
export { runPlan } from './execute/run-plan.ts'
export { type Observation, type SyncLoop, type SyncOutcome, syncRounds } from './execute/sync-rounds.ts'
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
