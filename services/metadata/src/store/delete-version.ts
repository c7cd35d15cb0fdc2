import { sql } from 'kysely'
import type { DriveKey, MetadataDatabase } from './database.ts'
import { releaseVersions } from './release-versions.ts'

export type DeletedVersion = 'deleted' | 'current' | 'unknown'

/** Deletes one old version of a file. Locks the drive, so that it cannot become the current one meanwhile. */
export const deleteVersion = (
  database: MetadataDatabase,
  key: DriveKey,
  target: { readonly nodeId: string; readonly versionId: string; readonly newId: () => string }
): Promise<DeletedVersion> =>
  database.transaction(async (tx) => {
    await sql`
      select 1 from metadata.drive where vault_id = ${key.vaultId} and drive_id = ${key.driveId} for update
    `.execute(tx)
    const { rows } = await sql<{ current: boolean }>`
      select n.version_id = v.version_id as current from metadata.version v
      join metadata.node n on n.vault_id = v.vault_id and n.node_id = v.node_id and n.drive_id = ${key.driveId}
      where v.vault_id = ${key.vaultId} and v.version_id = ${target.versionId} and v.node_id = ${target.nodeId}
    `.execute(tx)
    if (rows[0] === undefined) return 'unknown'
    if (rows[0].current) return 'current'
    await releaseVersions(tx, key.vaultId, { versionIds: [target.versionId], newId: target.newId })
    return 'deleted'
  })
