import { sql } from 'kysely'
import type { TreeNode } from '../domain/node.ts'
import type { DriveKey, Queryable } from './database.ts'
import { type NodeRow, nodeColumns, toNode } from './node-row.ts'

/** Everything live below a folder, level by level, parents first; undefined when there are more than `limit`. */
export const readSubtree = async (
  db: Queryable,
  key: DriveKey,
  walk: { readonly folderId: string; readonly limit: number }
): Promise<readonly TreeNode[] | undefined> => {
  const found: TreeNode[] = []
  for (let level = [walk.folderId]; level.length > 0; ) {
    const room = walk.limit - found.length
    const { rows } = await sql<NodeRow>`
      select ${nodeColumns('child')} from unnest(${level}::uuid[]) as folder (id) cross join lateral (
        select * from metadata.node n where n.vault_id = ${key.vaultId} and n.parent_id = folder.id
          and n.state = 'live' and n.drive_id = ${key.driveId} limit ${room + 1}
      ) child
      limit ${room + 1}
    `.execute(db)
    if (rows.length > room) return undefined
    const nodes = rows.map(toNode)
    found.push(...nodes)
    level = nodes.filter(({ kind }) => kind === 'folder').map(({ id }) => id)
  }
  return found
}
