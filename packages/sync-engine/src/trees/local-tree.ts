import type { EntryKind } from './entry-kind.ts'

/** What tells whether an entry is still the one that was looked at. */
export interface LocalState {
  /** Survives renames, is not used again; undefined where the file system has no such thing. */
  readonly fileId: string | undefined
  /** 0 for folders. */
  readonly size: number
  /** 0n for folders. */
  readonly mtimeNs: bigint
}

/** Something in the folder. */
export interface LocalEntry extends LocalState {
  /** Slash separated, relative to the folder; never ''. */
  readonly path: string
  /** `other`: exists, but is not synced; `reason` says why. */
  readonly kind: EntryKind | 'other'
  readonly reason?: string
  /** What is in this folder could not be read: nothing is known about it. */
  readonly unreadable?: boolean
  /** Ignored entries are in this folder. */
  readonly hasIgnored?: boolean
  /** Stands at a name that the engine itself gave it between two moves. */
  readonly parked?: boolean
}

export type LocalFileOrFolder = LocalEntry & { readonly kind: EntryKind }

/** One scan, by path. A folder's entries are there unless it is `unreadable`. */
export type LocalTree = ReadonlyMap<string, LocalEntry>

export const parentPath = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')))
export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
export const joinPath = (folder: string, name: string): string => (folder === '' ? name : `${folder}/${name}`)

export const sameState = (a: LocalState, b: LocalState): boolean =>
  a.size === b.size && a.mtimeNs === b.mtimeNs && (a.fileId ?? b.fileId) === (b.fileId ?? a.fileId)
