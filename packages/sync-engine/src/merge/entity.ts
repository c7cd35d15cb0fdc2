import type { EntryKind } from '../trees/entry-kind.ts'
import type { LocalFileOrFolder } from '../trees/local-tree.ts'
import type { RemoteNode } from '../trees/remote-tree.ts'
import type { SyncedNode } from '../trees/synced-node.ts'

/**
 * `keep`: exists on both sides in the end. `stay`: nothing is done with it in this round, but it holds
 * its place. `skip`: not synced. The others are what they say.
 */
export type Fate = 'keep' | 'stay' | 'skip' | 'delete-remote' | 'delete-local' | 'forget'

export type ContentStep = 'none' | 'upload' | 'download'

/** One file or folder in the merged tree, with what each side knows of it. */
export interface Entity {
  readonly key: string
  readonly kind: EntryKind
  remote: RemoteNode | undefined
  local: LocalFileOrFolder | undefined
  synced: SyncedNode | undefined
  fate: Fate
  content: ContentStep
  /** In the merged tree. Undefined only for the root. */
  parent: Entity | undefined
  name: string
  localName: string
  /** The local place was chosen over the remote one; it can be taken back. */
  mover: boolean
  /** Its name was changed because another one has it. */
  suffixed: boolean
  /** Its row is dropped first. */
  unlinked: boolean
  /** Taken out of the server's trash first. */
  restores: boolean
}

export const survives = ({ fate }: Entity): boolean => fate === 'keep' || fate === 'stay'
