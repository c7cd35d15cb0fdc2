import type { LocalFileOrFolder } from '../trees/local-tree.ts'
import type { RemoteNode } from '../trees/remote-tree.ts'

/** A folder on the server: one that exists, or one that an earlier action makes from this local path. */
export type RemoteRef = { readonly id: string } | { readonly madeFrom: string }

/** Both sides agree: only the row is written. */
export interface Agree {
  readonly kind: 'agree'
  readonly node: RemoteNode
  readonly entry: LocalFileOrFolder
  readonly content: string | undefined
}

/** Neither side has it, or both have something new of their own. */
export interface Forget {
  readonly kind: 'forget'
  readonly id: string
}

export interface MakeRemote {
  readonly kind: 'make-remote'
  readonly entry: LocalFileOrFolder
  readonly parent: RemoteRef
  readonly name: string
}

export interface MoveRemote {
  readonly kind: 'move-remote'
  readonly node: RemoteNode
  readonly parent: RemoteRef
  readonly name: string
  /** To a name nobody uses, to make room; no row is written. */
  readonly parking: boolean
  readonly localName: string
}

export interface Upload {
  readonly kind: 'upload'
  /** Where it stands when the action's turn comes. */
  readonly path: string
  readonly entry: LocalFileOrFolder
  readonly target:
    | { readonly parent: RemoteRef; readonly name: string }
    | { readonly node: RemoteNode; readonly baseRev: number }
}

export interface RestoreRemote {
  readonly kind: 'restore-remote'
  readonly id: string
}

export interface TrashRemote {
  readonly kind: 'trash-remote'
  readonly node: RemoteNode
}

export interface MakeLocal {
  readonly kind: 'make-local'
  readonly node: RemoteNode
  readonly path: string
}

export interface MoveLocal {
  readonly kind: 'move-local'
  /** Undefined for what only exists locally. */
  readonly node: RemoteNode | undefined
  readonly entry: LocalFileOrFolder
  /** Where it stands when the action's turn comes. */
  readonly from: string
  readonly to: string
  readonly parking: boolean
  /** The local content lost its name to another one. */
  readonly conflict: boolean
}

export interface Download {
  readonly kind: 'download'
  readonly node: RemoteNode
  readonly path: string
  readonly replaces: LocalFileOrFolder | undefined
}

export interface DeleteLocal {
  readonly kind: 'delete-local'
  readonly id: string
  readonly entry: LocalFileOrFolder
  readonly path: string
}

export type Action =
  | Agree
  | Forget
  | MakeRemote
  | MoveRemote
  | Upload
  | RestoreRemote
  | TrashRemote
  | MakeLocal
  | MoveLocal
  | Download
  | DeleteLocal

/** Something the planner must know before it decides about a file. */
export type Learn =
  | { readonly kind: 'local'; readonly entry: LocalFileOrFolder }
  | { readonly kind: 'version'; readonly nodeId: string; readonly versionId: string }

export type ProblemCode =
  | 'invalid_name'
  | 'reserved_name'
  | 'not_synced'
  | 'unreadable'
  | 'read_only'
  | 'name_occupied'
  | 'deletion_held'
  | 'excluded'

export interface Problem {
  readonly code: ProblemCode
  /** Local where there is one. */
  readonly path: string
  readonly detail: string
}

export interface Plan {
  /** In the order in which they are to be carried out. */
  readonly actions: readonly Action[]
  readonly learn: readonly Learn[]
  readonly problems: readonly Problem[]
  /** Files whose deletion waits for the user. */
  readonly held: { readonly remote: number; readonly local: number } | undefined
}
