import { sql } from 'kysely'
import type { TreeNode } from '../domain/node.ts'
import type { DriveKey, Queryable } from './database.ts'
import { type NodeRow, nodeColumns, toNode } from './node-row.ts'

/** A node and its ancestors, nearest first, the root last. Empty when there is no such node in the drive. */
export const readChain = async (db: Queryable, key: DriveKey, nodeId: string): Promise<readonly TreeNode[]> => {
  const { rows } = await sql<NodeRow>`
    with recursive chain as (
      select ${nodeColumns('n')}, 0 as level from metadata.node n
      where n.vault_id = ${key.vaultId} and n.drive_id = ${key.driveId} and n.node_id = ${nodeId}
      union all
      select ${nodeColumns('parent')}, chain.level + 1 from chain cross join lateral (
        select * from metadata.node n
        where n.vault_id = ${key.vaultId} and n.node_id = chain.parent_id and n.drive_id = ${key.driveId} limit 1
      ) parent where chain.level < 200
    )
    select * from chain order by level
  `.execute(db)
  return rows.map(toNode)
}

export interface Reached {
  readonly node: TreeNode
  /** Nearest first, the root last. */
  readonly ancestors: readonly TreeNode[]
}

export type Standing =
  | ({ readonly status: 'live' } & Reached)
  | { readonly status: 'trashed'; readonly node: TreeNode }
  | { readonly status: 'unknown' }

/** As domain/reach.ts, on a chain read from the database. */
export const standingOf = (chain: readonly TreeNode[]): Standing => {
  const [node, ...ancestors] = chain
  if (node === undefined) return { status: 'unknown' }
  const dead = chain.find(({ state }) => state !== 'live')
  if (dead?.state === 'trashed') return { status: 'trashed', node }
  if (dead !== undefined || chain.at(-1)?.parentId !== null) return { status: 'unknown' }
  return { status: 'live', node, ancestors }
}

/** The node if it can be reached from the root. */
export const readReachable = async (db: Queryable, key: DriveKey, nodeId: string): Promise<Reached | undefined> => {
  const standing = standingOf(await readChain(db, key, nodeId))
  return standing.status === 'live' ? standing : undefined
}

/**
 * Walks down from the root by equality keys, in one query. As many nodes as exist, the root first:
 * shorter than the path by one when all were found.
 */
export const readPath = async (
  db: Queryable,
  key: DriveKey,
  folds: readonly string[]
): Promise<readonly TreeNode[]> => {
  const { rows } = await sql<NodeRow>`
    with recursive walk as (
      select ${nodeColumns('n')}, 0 as level from metadata.drive d
      join metadata.node n on n.vault_id = d.vault_id and n.node_id = d.root_id
      where d.vault_id = ${key.vaultId} and d.drive_id = ${key.driveId}
      union all
      select ${nodeColumns('child')}, walk.level + 1 from walk cross join lateral (
        select * from metadata.node n
        where n.vault_id = ${key.vaultId} and n.parent_id = walk.node_id and n.state = 'live'
          and n.name_fold = (${[...folds]}::text[])[walk.level + 1] collate "C" limit 1
      ) child
    )
    select * from walk order by level
  `.execute(db)
  return rows.map(toNode)
}

export const readChild = async (
  db: Queryable,
  key: DriveKey,
  place: { readonly parentId: string; readonly fold: string }
): Promise<TreeNode | undefined> => {
  const { rows } = await sql<NodeRow>`
    select ${nodeColumns('n')} from metadata.node n
    where n.vault_id = ${key.vaultId} and n.parent_id = ${place.parentId} and n.name_fold = ${place.fold} and n.state = 'live'
      and n.drive_id = ${key.driveId}
  `.execute(db)
  return rows.map(toNode)[0]
}
