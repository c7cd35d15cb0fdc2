import { type RawBuilder, sql } from 'kysely'
import type { TreeNode } from '../domain/node.ts'
import type { DriveKey, Queryable } from './database.ts'
import { type NodeRow, nodeColumns, toNode } from './node-row.ts'

export type ChildSort = 'name' | 'size' | 'mtime'
export type SortOrder = 'asc' | 'desc'

/** Where the previous page ended: the sort key, and the id where keys repeat. */
export type ChildPosition = readonly [key: string | number, nodeId: string]

export interface ChildrenQuery {
  readonly folderId: string
  readonly sort: ChildSort
  readonly order: SortOrder
  readonly limit: number
  readonly after: ChildPosition | undefined
}

export const positionOf = (node: TreeNode, sort: ChildSort): ChildPosition => [
  sort === 'name' ? node.nameFold : sort === 'size' ? node.treeSize : node.mtime,
  node.id
]

/** By name a page is one range of the unique index; by size or time the folder is sorted. */
export const readChildren = async (
  db: Queryable,
  key: DriveKey,
  query: ChildrenQuery
): Promise<readonly TreeNode[]> => {
  const { rows } = await sql<NodeRow>`
    select ${nodeColumns('n')} from metadata.node n
    where n.vault_id = ${key.vaultId} and n.parent_id = ${query.folderId} and n.state = 'live' and n.drive_id = ${key.driveId}
      ${afterPosition(query)}
    order by ${ordering(query)} limit ${query.limit}
  `.execute(db)
  return rows.map(toNode)
}

const COLUMNS = { name: 'n.name_fold', size: 'n.tree_size', mtime: 'n.mtime_ms' } as const

const afterPosition = ({ sort, order, after }: ChildrenQuery): RawBuilder<unknown> => {
  if (after === undefined) return sql``
  const compare = sql.raw(order === 'asc' ? '>' : '<')
  if (sort === 'name') return sql`and n.name_fold ${compare} ${after[0]}`
  return sql`and (${sql.raw(COLUMNS[sort])}, n.node_id) ${compare} (${after[0]}::bigint, ${after[1]}::uuid)`
}

const ordering = ({ sort, order }: ChildrenQuery): RawBuilder<unknown> =>
  sql.raw(sort === 'name' ? `${COLUMNS.name} ${order}` : `${COLUMNS[sort]} ${order}, n.node_id ${order}`)
