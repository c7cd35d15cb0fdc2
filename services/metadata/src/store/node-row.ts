import { type RawBuilder, sql } from 'kysely'
import type { NodeKind, NodeState, TreeNode } from '../domain/node.ts'
import type { ColumnMap } from './unnest.ts'

export interface NodeRow {
  readonly node_id: string
  readonly parent_id: string | null
  readonly name: string
  readonly name_fold: string
  readonly kind: NodeKind
  readonly state: NodeState
  readonly version_id: string | null
  readonly size: number
  readonly mtime_ms: number
  readonly content_rev: number
  readonly meta_rev: number
  readonly seq: number
  readonly tree_size: number
  readonly tree_rev: number
  readonly tree_height: number
  readonly created_ms: number
  readonly modified_ms: number
  readonly trashed_ms: number | null
  readonly trashed_path: string | null
}

export const NODE_COLUMNS: ColumnMap<TreeNode> = {
  node_id: ['uuid', (node) => node.id],
  parent_id: ['uuid', (node) => node.parentId],
  name: ['text', (node) => node.name],
  name_fold: ['text', (node) => node.nameFold],
  kind: ['text', (node) => node.kind],
  state: ['text', (node) => node.state],
  version_id: ['uuid', (node) => node.versionId],
  size: ['bigint', (node) => node.size],
  mtime_ms: ['bigint', (node) => node.mtime],
  content_rev: ['bigint', (node) => node.contentRev],
  meta_rev: ['bigint', (node) => node.metaRev],
  seq: ['bigint', (node) => node.seq],
  tree_size: ['bigint', (node) => node.treeSize],
  tree_rev: ['bigint', (node) => node.treeRev],
  tree_height: ['int', (node) => node.treeHeight],
  created_ms: ['bigint', (node) => node.createdAt],
  modified_ms: ['bigint', (node) => node.modifiedAt],
  trashed_ms: ['bigint', (node) => node.trashedAt],
  trashed_path: ['text', (node) => node.trashedPath]
}

/** `n.node_id, n.parent_id, …` */
export const nodeColumns = (alias: string): RawBuilder<unknown> =>
  sql.raw(
    Object.keys(NODE_COLUMNS)
      .map((name) => `${alias}.${name}`)
      .join(', ')
  )

export const toNode = (row: NodeRow): TreeNode => ({
  id: row.node_id,
  parentId: row.parent_id,
  name: row.name,
  nameFold: row.name_fold,
  kind: row.kind,
  state: row.state,
  versionId: row.version_id,
  size: row.size,
  mtime: row.mtime_ms,
  contentRev: row.content_rev,
  metaRev: row.meta_rev,
  seq: row.seq,
  treeSize: row.tree_size,
  treeRev: row.tree_rev,
  treeHeight: row.tree_height,
  createdAt: row.created_ms,
  modifiedAt: row.modified_ms,
  trashedAt: row.trashed_ms,
  trashedPath: row.trashed_path
})
