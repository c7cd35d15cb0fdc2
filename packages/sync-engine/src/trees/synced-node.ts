import type { EntryKind } from './entry-kind.ts'
import type { LocalState } from './local-tree.ts'

/** What both sides agreed on last. */
export interface SyncedNode extends LocalState {
  readonly id: string
  readonly parentId: string
  readonly name: string
  readonly localName: string
  readonly kind: EntryKind
  readonly versionId: string | null
  readonly contentRev: number
  readonly metaRev: number
  /** Identity of the content, see Knowledge. */
  readonly content: string | undefined
}

/** By node id; without the root. */
export type SyncedTree = ReadonlyMap<string, SyncedNode>
