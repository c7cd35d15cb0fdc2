export type NodeKind = 'file' | 'folder'
/** `purging` rows are gone for everyone and wait for the purge job. */
export type NodeState = 'live' | 'trashed' | 'purging'

/** One row of the tree. Sizes in bytes, times in milliseconds since the epoch. */
export interface TreeNode {
  readonly id: string
  /** Null for the root of a drive. A trashed node keeps the folder it was in. */
  readonly parentId: string | null
  readonly name: string
  readonly nameFold: string
  readonly kind: NodeKind
  readonly state: NodeState
  readonly versionId: string | null
  readonly size: number
  readonly mtime: number
  readonly contentRev: number
  readonly metaRev: number
  /** Journal position of the last change of the node itself. */
  readonly seq: number
  readonly treeSize: number
  /** Journal position of the last change of the node or anything below. */
  readonly treeRev: number
  /** Upper bound of the levels below. */
  readonly treeHeight: number
  readonly createdAt: number
  readonly modifiedAt: number
  readonly trashedAt: number | null
  /** Where it stood when it was trashed, slash separated; for people. */
  readonly trashedPath: string | null
}

/** One content of a file. Its id is also the name of the reference that storage holds. */
export interface VersionRecord {
  readonly id: string
  readonly nodeId: string
  readonly manifestId: Uint8Array
  readonly size: number
  readonly mtime: number
  readonly userId: string
  readonly deviceId: string
  readonly createdSeq: number
  readonly createdAt: number
}

export const MAX_DEPTH = 128
