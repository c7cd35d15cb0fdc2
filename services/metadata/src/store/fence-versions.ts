import { sql } from 'kysely'
import type { MetadataDatabase } from './database.ts'

/**
 * Afterwards every id is either committed or can never be: the answer is those that are committed. Waits
 * for commits under way that offer one of them (see load-drive-facts.ts).
 */
export const fenceVersions = (
  database: MetadataDatabase,
  vaultId: string,
  fence: { readonly versionIds: readonly string[]; readonly at: number }
): Promise<readonly string[]> =>
  database.transaction(async (tx) => {
    const ids = [...new Set(fence.versionIds)].sort()
    await sql`
      insert into metadata.version_fate (vault_id, version_id, fate, at_ms)
      select ${vaultId}::uuid, id, 'abandoned', ${fence.at}::bigint from unnest(${ids}::uuid[]) as id order by id
      on conflict do nothing
    `.execute(tx)
    const { rows } = await sql<{ version_id: string }>`
      select version_id from metadata.version_fate
      where vault_id = ${vaultId} and version_id = any(${ids}::uuid[]) and fate = 'committed'
    `.execute(tx)
    return rows.map((row) => row.version_id)
  })
