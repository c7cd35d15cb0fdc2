import type { LocalEntry, LocalFileOrFolder, LocalState } from '../trees/local-tree.ts'
import type { RemoteNode } from '../trees/remote-tree.ts'
import type { SyncedNode } from '../trees/synced-node.ts'

export type FolderErrorCode = 'exists' | 'missing' | 'not_empty' | 'no_space' | 'failed'

/** Why something could not be done in the local folder. */
export class FolderError extends Error {
  readonly code: FolderErrorCode

  constructor(code: FolderErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.name = 'FolderError'
    this.code = code
  }
}

/**
 * The local folder. Paths are slash separated and relative to it. Every call rejects with a FolderError.
 * A call that has resolved is visible; it is durable after `flush` of the folders it touched.
 */
export interface FolderPort {
  /** Undefined when nothing is there. Links are not followed. */
  look(path: string): Promise<LocalEntry | undefined>
  /** `exists` when anything is there; `missing` without its folder. */
  makeFolder(path: string): Promise<void>
  /** With all folders above, whether or not they exist. For the engine's own folder. */
  makeFolders(path: string): Promise<void>
  /**
   * Moves a file or folder; never replaces: `exists` when anything is at `to`. After a crash a file is at
   * `from`, at `to`, or at both as one and the same file.
   */
  move(from: string, to: string): Promise<void>
  /** For the engine's own files. */
  removeFile(path: string): Promise<void>
  /** `not_empty` when anything is in it. */
  removeFolder(path: string): Promise<void>
  /** Makes the entries of these folders durable. */
  flush(folders: Iterable<string>): Promise<void>
}

export type RemoteOperation =
  | { readonly op: 'make-folder'; readonly parentId: string; readonly name: string }
  | {
      readonly op: 'move'
      readonly id: string
      readonly parentId: string
      readonly name: string
      readonly baseRev: number
    }
  | { readonly op: 'trash'; readonly id: string; readonly baseRev?: number; readonly observedSeq?: number }
  | { readonly op: 'restore'; readonly id: string }

export type RemoteResult =
  | { readonly ok: true; readonly node: RemoteNode }
  | { readonly ok: false; readonly code: string; readonly detail: string }

export interface UploadItem {
  readonly path: string
  readonly entry: LocalFileOrFolder
  readonly target:
    | { readonly parentId: string; readonly name: string }
    | { readonly id: string; readonly baseRev: number }
}

export type UploadResult =
  /** `state` is that of the file whose bytes were sent. */
  | { readonly ok: true; readonly node: RemoteNode; readonly state: LocalState; readonly content: string }
  /** `changing`: the file is not what it was, or does not hold still. */
  | { readonly ok: false; readonly code: string; readonly detail: string }

/**
 * The drive. Rejects only when nothing is known about the outcome (no network, server away); what the
 * server refuses is a result. Every operation may have happened although its reply was lost.
 */
export interface DrivePort {
  /** In order; one refused operation does not fail the others. */
  operate(operations: readonly RemoteOperation[]): Promise<readonly RemoteResult[]>
  /** `settle` is told of each item once. A new name is refused when it is taken, a version when its base is not current. */
  upload(items: readonly UploadItem[], settle: (index: number, result: UploadResult) => Promise<void>): Promise<void>
  /**
   * Writes the content of a version to a new file, verified, with the node's time and durable. `replaces` is
   * the file that it will replace: its mode is taken over, its chunks may be used.
   */
  download(
    node: RemoteNode,
    to: string,
    replaces: LocalEntry | undefined
  ): Promise<{ readonly content: string; readonly state: LocalState }>
}

/** The database. What `write` has returned from is durable, all of it or nothing. */
export interface StatePort {
  write(change: StateChange): void
  synced(id: string): SyncedNode | undefined
}

export interface StateChange {
  readonly put?: readonly SyncedNode[]
  readonly forget?: readonly string[]
  /** Newer states of nodes, as operations returned them. */
  readonly remote?: readonly RemoteNode[]
  /** A local move under way, so that a crash in its middle can be told from a hard link; null when it is done. */
  readonly moving?: { readonly from: string; readonly to: string } | null
  /** A conflicted copy was made here. */
  readonly conflict?: { readonly path: string; readonly of: string }
}

export interface Failure {
  readonly path: string
  readonly code: string
  readonly detail: string
}

export interface Execution {
  readonly folder: FolderPort
  readonly drive: DrivePort
  readonly state: StatePort
  /** YYYY-MM-DD, for the local trash. */
  readonly day: string
  /** A name no other file has, for temp files. */
  readonly unique: () => string
  /** Journal position up to which the remote tree is complete. */
  readonly knownSeq: number
  /** Downloads at once. */
  readonly parallel: number
  readonly signal: AbortSignal
}
