import { sql } from 'kysely'
import type { VersionFate } from '../domain/facts.ts'
import type { MetadataTransaction } from './database.ts'

/**
 * Writes `committed` for every id that has no fate yet: those are free for this transaction, and a fence
 * that comes now waits for its end. Ids that stay unused must be given back (see flush.ts).
 */
export const claimFates = async (
  tx: MetadataTransaction,
  vaultId: string,
  claim: { readonly versionIds: readonly string[]; readonly at: number }
): Promise<Map<string, VersionFate>> => {
  const fates = new Map<string, VersionFate>()
  if (claim.versionIds.length === 0) return fates
  // Sorted, so that two transactions never wait for each other in a circle.
  const wanted = [...new Set(claim.versionIds)].sort()
  const claimed = await sql<{ version_id: string }>`
    insert into metadata.version_fate (vault_id, version_id, fate, at_ms)
    select ${vaultId}::uuid, id, 'committed', ${claim.at}::bigint from unnest(${wanted}::uuid[]) as id order by id
    on conflict do nothing returning version_id
  `.execute(tx)
  for (const row of claimed.rows) fates.set(row.version_id, 'free')
  const others = wanted.filter((id) => !fates.has(id))
  if (others.length === 0) return fates
  const standing = await sql<{ version_id: string; fate: VersionFate }>`
    select version_id, fate from metadata.version_fate
    where vault_id = ${vaultId} and version_id = any(${others}::uuid[])
  `.execute(tx)
  for (const row of standing.rows) fates.set(row.version_id, row.fate)
  return fates
}
