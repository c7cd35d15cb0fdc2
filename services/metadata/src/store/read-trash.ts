import { sql } from 'kysely'
import type { TreeNode } from '../domain/node.ts'
import type { DriveKey, Queryable } from './database.ts'
import { type NodeRow, nodeColumns, toNode } from './node-row.ts'

export interface TrashQuery {
  readonly limit: number
  readonly after: { readonly trashedAt: number; readonly nodeId: string } | undefined
}

/** What was trashed as such, newest first; not what lies inside a trashed folder. */
export const readTrash = async (db: Queryable, key: DriveKey, query: TrashQuery): Promise<readonly TreeNode[]> => {
  const { after } = query
  const { rows } = await sql<NodeRow>`
    select ${nodeColumns('n')} from metadata.node n
    where n.vault_id = ${key.vaultId} and n.drive_id = ${key.driveId} and n.state = 'trashed'
      ${after === undefined ? sql`` : sql`and (-n.trashed_ms, n.node_id) > (${-after.trashedAt}::bigint, ${after.nodeId}::uuid)`}
    order by n.trashed_ms desc, n.node_id limit ${query.limit}
  `.execute(db)
  return rows.map(toNode)
}
