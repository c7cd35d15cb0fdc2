import type { TreeNode } from './node.ts'
import type { Applied } from './outcome.ts'

export type Role = 'owner' | 'editor' | 'viewer'

export type VersionFate = 'free' | 'committed' | 'abandoned'

export interface StoredResult {
  readonly requestHash: Uint8Array
  readonly outcome: Applied
}

/** Loaded once, under the drive's lock, before the first operation. */
export interface DriveFacts {
  readonly rootId: string
  readonly headSeq: number
  readonly quota: { readonly used: number; readonly limit: number }
  /** Keyed by resultKey. */
  readonly results: ReadonlyMap<string, StoredResult>
  readonly fates: ReadonlyMap<string, VersionFate>
}

/** What answers a Needs: absence is a fact as well. */
export interface TreeFacts {
  readonly nodes: readonly TreeNode[]
  readonly absentNodeIds: readonly string[]
  readonly children: readonly { readonly parentId: string; readonly fold: string; readonly nodeId: string | null }[]
  readonly families: readonly { readonly parentId: string; readonly prefix: string }[]
  readonly heights: ReadonlyMap<string, number>
}

export const resultKey = (userId: string, opId: string): string => `${userId}/${opId}`
