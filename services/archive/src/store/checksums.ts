import { type Kysely, sql } from 'kysely'
import type { ArchiveTables } from '../db/tables.ts'

export interface SealedChecksum {
  readonly versionId: string
  readonly length: number
  readonly sealed: Uint8Array
}

export const readChecksums = async (
  db: Kysely<ArchiveTables>,
  vaultId: string,
  versionIds: readonly string[]
): Promise<readonly SealedChecksum[]> => {
  const { rows } = await sql<{ version_id: string; length: number; sealed: Uint8Array }>`
    select version_id, length, sealed from archive.checksum
    where vault_id = ${vaultId} and version_id = any(${[...versionIds]}::uuid[])`.execute(db)
  return rows.map((row) => ({ versionId: row.version_id, length: row.length, sealed: row.sealed }))
}

/** A longer prefix replaces a shorter one, never the other way round. */
export const writeChecksums = async (
  db: Kysely<ArchiveTables>,
  vaultId: string,
  checksums: readonly SealedChecksum[]
): Promise<void> => {
  if (checksums.length === 0) return
  const sorted = checksums.toSorted((a, b) => (a.versionId < b.versionId ? -1 : 1))
  await db
    .insertInto('archive.checksum')
    .values(
      sorted.map(({ versionId, length, sealed }) => ({
        vault_id: vaultId,
        version_id: versionId,
        length,
        sealed: Buffer.from(sealed)
      }))
    )
    .onConflict((conflict) =>
      conflict
        .columns(['vault_id', 'version_id'])
        .doUpdateSet({
          length: sql`excluded.length`,
          sealed: sql`excluded.sealed`,
          noted_at: sql`now()`
        })
        .where(sql<boolean>`excluded.length > archive.checksum.length`)
    )
    .execute()
}

export const deleteOldChecksums = async (db: Kysely<ArchiveTables>, days: number): Promise<void> => {
  await sql`delete from archive.checksum where noted_at < now() - make_interval(days => ${days})`.execute(db)
}
