/** JSON shapes of the public API. Times are ISO 8601 strings unless named otherwise; sizes are bytes. */

export type NodeKind = 'file' | 'folder'
export type NodeState = 'live' | 'trashed'
/** What to do when the name is taken: make a new version of that file, refuse, or choose a free name beside it. */
export type OnConflict = 'version' | 'fail' | 'rename'

/** A file or folder. */
export interface Node {
  readonly id: string
  readonly driveId: string
  /** Null for a drive's root. */
  readonly parentId: string | null
  readonly name: string
  readonly kind: NodeKind
  readonly state: NodeState
  readonly size: number
  /** Of everything below; a file's own size. */
  readonly treeSize: number
  readonly treeRev: number
  readonly versionId: string | null
  /** A file's modification time as its client declared it. */
  readonly mtime: string
  readonly createdAt: string
  readonly modifiedAt: string
  readonly contentRev: number
  readonly metaRev: number
  readonly seq: number
}

/** A node as an operation left it. */
export interface CommittedNode extends Omit<Node, 'treeSize' | 'treeRev' | 'createdAt' | 'modifiedAt' | 'mtime'> {
  /** Null for folders. */
  readonly mtime: string | null
}

export interface TrashedNode extends Node {
  readonly trashedAt: string
  /** Where it was. */
  readonly trashedPath: string
}

export interface Drive {
  readonly id: string
  readonly name: string
  readonly kind: 'personal' | 'shared'
  readonly role: 'owner' | 'editor' | 'viewer'
  readonly rootId: string
  readonly headSeq: number
  /** Limit 0 = unlimited. */
  readonly quota: { readonly used: number; readonly limit: number }
  /** Where the journal stands: list the tree, then read on from here. */
  readonly journalCursor: string
  readonly createdAt: string
}

export interface Version {
  readonly id: string
  readonly nodeId: string
  readonly size: number
  readonly mtime: string
  readonly createdAt: string
  readonly createdBy: string
  readonly deviceId: string
  readonly current: boolean
}

export interface Page<T> {
  readonly items: readonly T[]
  readonly nextCursor: string | null
}

/** Options every call takes. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined
}

/** Options of calls that change something. */
export interface MutationOptions extends CallOptions {
  /** Repeating a call with the same key has no further effect. Chosen by the client when absent. */
  readonly idempotencyKey?: string | undefined
}
