import { sql } from 'kysely'
import type { MetadataDatabase, MetadataTransaction } from './database.ts'
import { releaseVersions } from './release-versions.ts'

const NODES_PER_BATCH = 500
const CHILDREN_PER_BATCH = 2000
/** Versions of one batch: a file with more takes several. */
const VERSIONS_PER_BATCH = 2000

/** Vaults with rows to purge. */
export const vaultsToPurge = async (database: MetadataDatabase): Promise<readonly string[]> => {
  const { rows } = await sql<{ vault_id: string }>`
    select distinct vault_id from metadata.node where state = 'purging'
  `.execute(database.query)
  return rows.map((row) => row.vault_id)
}

/**
 * One bounded step of the purge in a vault; false when nothing is left. The purging rows are the
 * frontier: their children join it, those without children go. Each step leaves a state to go on from.
 */
export const purgeBatch = (database: MetadataDatabase, vaultId: string, newId: () => string): Promise<boolean> =>
  database.transaction(async (tx) => {
    const { rows } = await sql<{ node_id: string }>`
      select node_id from metadata.node where vault_id = ${vaultId} and state = 'purging'
      order by node_id limit ${NODES_PER_BATCH} for update skip locked
    `.execute(tx)
    const nodeIds = rows.map((row) => row.node_id)
    if (nodeIds.length === 0) return false
    await claimChildren(tx, vaultId, nodeIds)
    const childless = await withoutChildren(tx, vaultId, nodeIds)
    const versions = await sql<{ version_id: string }>`
      select version_id from metadata.version where vault_id = ${vaultId} and node_id = any(${childless}::uuid[])
      limit ${VERSIONS_PER_BATCH}
    `.execute(tx)
    await releaseVersions(tx, vaultId, { versionIds: versions.rows.map((row) => row.version_id), newId })
    await sql`
      delete from metadata.node n where n.vault_id = ${vaultId} and n.node_id = any(${childless}::uuid[])
        and not exists (select from metadata.version v where v.vault_id = ${vaultId} and v.node_id = n.node_id)
    `.execute(tx)
    return true
  })

/** Looked up parent by parent: statistics may know nothing of this vault, and a scan of it per step adds up. */
const claimChildren = async (tx: MetadataTransaction, vaultId: string, parents: readonly string[]): Promise<void> => {
  const { rows } = await sql<{ node_id: string }>`
    select child.node_id from unnest(${[...parents]}::uuid[]) as parent (id) cross join lateral (
      select n.node_id from metadata.node n
      where n.vault_id = ${vaultId} and n.parent_id = parent.id and n.state = 'live' limit ${CHILDREN_PER_BATCH}
    ) child limit ${CHILDREN_PER_BATCH}
  `.execute(tx)
  if (rows.length === 0) return
  await sql`
    update metadata.node set state = 'purging'
    where vault_id = ${vaultId} and node_id = any(${rows.map((row) => row.node_id)}::uuid[])
  `.execute(tx)
}

const withoutChildren = async (
  tx: MetadataTransaction,
  vaultId: string,
  nodeIds: readonly string[]
): Promise<string[]> => {
  const { rows } = await sql<{ id: string }>`
    select parent.id from unnest(${[...nodeIds]}::uuid[]) as parent (id) left join lateral (
      select 1 as found from metadata.node n
      where n.vault_id = ${vaultId} and n.parent_id = parent.id and n.state = 'live' limit 1
    ) child on true where child.found is null
  `.execute(tx)
  return rows.map((row) => row.id)
}
