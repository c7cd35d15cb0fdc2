import type { LocalTree } from '../trees/local-tree.ts'
import type { RemoteTree } from '../trees/remote-tree.ts'
import type { SyncedTree } from '../trees/synced-node.ts'
import type { Knowledge } from './knowledge.ts'

export interface PlanInput {
  readonly remote: RemoteTree
  readonly local: LocalTree
  readonly synced: SyncedTree
  readonly known: Knowledge
  readonly options: PlanOptions
}

export interface PlanOptions {
  /** For names of conflicted copies. */
  readonly device: string
  /** YYYY-MM-DD, for the same; a label only. */
  readonly day: string
  /** Nothing may be sent. */
  readonly readOnly: boolean
  /** The user has allowed however many deletions there are. */
  readonly allowDeletes: boolean
  /** Remote folders that stay away from this device. */
  readonly excluded: ReadonlySet<string>
  /** The name this system can hold; same for equal names. */
  readonly osName: (name: string) => string
}
