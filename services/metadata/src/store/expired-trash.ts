import { sql } from 'kysely'
import type { DriveKey, MetadataDatabase } from './database.ts'

export interface ExpiredNode extends DriveKey {
  readonly nodeId: string
  readonly metaRev: number
}

/** What was trashed before a time, oldest first. */
export const findExpiredTrash = async (
  database: MetadataDatabase,
  query: { readonly before: number; readonly limit: number }
): Promise<readonly ExpiredNode[]> => {
  const { rows } = await sql<{ vault_id: string; drive_id: string; node_id: string; meta_rev: number }>`
    select vault_id, drive_id, node_id, meta_rev from metadata.node
    where state = 'trashed' and trashed_ms < ${query.before} order by trashed_ms limit ${query.limit}
  `.execute(database.query)
  return rows.map((row) => ({
    vaultId: row.vault_id,
    driveId: row.drive_id,
    nodeId: row.node_id,
    metaRev: row.meta_rev
  }))
}
