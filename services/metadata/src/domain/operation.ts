import type { Role } from './facts.ts'

/** What a caller believes the node looks like; another value refuses the operation as stale. */
export interface Expectation {
  readonly contentRev?: number
  readonly metaRev?: number
  readonly treeRev?: number
}

/** A node id, or "op:<op id>" for what an earlier operation of the same request made. */
export type NodeRef = string

export type OnConflict = 'fail' | 'rename'
export type OnFileConflict = OnConflict | 'version'

export interface NewContent {
  readonly versionId: string
  readonly manifestId: Uint8Array
  readonly size: number
  readonly mtime: number
}

export interface MakeFolderAction {
  readonly kind: 'make-folder'
  readonly newNodeId: string
  readonly parent: NodeRef
  readonly name: string
  /** `merge`: a live folder of that name is the result. */
  readonly onConflict: OnConflict | 'merge'
}

export interface PutFileAction {
  readonly kind: 'put-file'
  readonly newNodeId: string
  readonly target: { readonly nodeId: string } | { readonly parent: NodeRef; readonly name: string }
  readonly content: NewContent
  readonly onConflict: OnFileConflict
  readonly expect: Expectation
}

export interface MoveAction {
  readonly kind: 'move'
  readonly nodeId: NodeRef
  readonly parent?: NodeRef
  readonly name?: string
  readonly onConflict: OnConflict
  readonly expect: Expectation
}

export interface TrashAction {
  readonly kind: 'trash'
  readonly nodeId: NodeRef
  readonly expect: Expectation
  /** Refused when anything below changed after this journal position, other than by this request. */
  readonly observedSeq?: number
}

export interface RestoreAction {
  readonly kind: 'restore'
  readonly nodeId: string
}

/** Takes a trashed node away for good. */
export interface PurgeAction {
  readonly kind: 'purge'
  readonly nodeId: string
  readonly expect: Expectation
}

export type Action = MakeFolderAction | PutFileAction | MoveAction | TrashAction | RestoreAction | PurgeAction

/** What the journal calls it: what the user did, not how it was carried out. */
export type JournalOp = Action['kind'] | 'copy' | 'restore-version'

export interface TreeOperation {
  readonly opId: string
  /** Of what the caller asked for; see request-hash.ts. */
  readonly requestHash: Uint8Array
  readonly journalOp: JournalOp
  readonly action: Action
}

/** Applied all or none when atomic; otherwise each on its own. */
export interface Unit {
  readonly atomic: boolean
  readonly operations: readonly TreeOperation[]
}

export interface Actor {
  readonly userId: string
  readonly deviceId: string
  /** What the user is in the drive, read when the request came in; the service itself acts as owner. */
  readonly role: Role
}

export interface TreeRequest {
  readonly actor: Actor
  /** Milliseconds since the epoch; a label, never an order. */
  readonly at: number
  readonly units: readonly Unit[]
}
