import { sql } from 'kysely'
import type { MetadataDatabase } from './database.ts'
import { releaseVersions } from './release-versions.ts'

export interface VersionPolicy {
  /** Old versions kept per file; undefined = any number. */
  readonly keep: number | undefined
  /** Older ones go, milliseconds since the epoch; undefined = none for its age. */
  readonly olderThan: number | undefined
}

const NODES_PER_BATCH = 500
const VERSIONS_PER_BATCH = 1000

/** Vaults that have versions at all. */
export const vaultsWithVersions = async (database: MetadataDatabase): Promise<readonly string[]> => {
  const { rows } = await sql<{ vault_id: string }>`
    select vault_id from metadata.quota where used > 0 order by vault_id
  `.execute(database.query)
  return rows.map((row) => row.vault_id)
}

/** Releases a bounded number of versions that the policy does not keep. Never a current one. */
export const releaseOldVersions = (
  database: MetadataDatabase,
  vaultId: string,
  { policy, newId }: { readonly policy: VersionPolicy; readonly newId: () => string }
): Promise<number> =>
  database.transaction(async (tx) => {
    const { rows } = await sql<{ version_id: string }>`
      select old.version_id from (
        select v.version_id, v.created_ms, row_number() over (partition by v.node_id order by v.created_seq desc) as place
        from metadata.version v
        join metadata.node n on n.vault_id = v.vault_id and n.node_id = v.node_id and n.version_id <> v.version_id
        where v.vault_id = ${vaultId} and v.node_id in (
          select node_id from metadata.version where vault_id = ${vaultId}
          group by node_id having count(*) > 1 and (
            count(*) - 1 > ${policy.keep ?? null}::bigint or min(created_ms) < ${policy.olderThan ?? null}::bigint
          ) limit ${NODES_PER_BATCH}
        )
      ) old
      where old.place > ${policy.keep ?? null}::bigint or old.created_ms < ${policy.olderThan ?? null}::bigint
      limit ${VERSIONS_PER_BATCH}
    `.execute(tx)
    return await releaseVersions(tx, vaultId, { versionIds: rows.map((row) => row.version_id), newId })
  })
