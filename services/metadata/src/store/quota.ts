import { sql } from 'kysely'
import type { MetadataTransaction, Queryable } from './database.ts'

/** Bytes; limit 0 = unlimited. */
export interface Quota {
  readonly used: number
  readonly limit: number
  /** Whether the limit was set for this vault. */
  readonly custom: boolean
}

interface QuotaRow {
  readonly used: number
  readonly byte_limit: number | null
}

const toQuota = (row: QuotaRow | undefined, defaultLimit: number): Quota => ({
  used: row?.used ?? 0,
  limit: row?.byte_limit ?? defaultLimit,
  custom: (row?.byte_limit ?? null) !== null
})

export const readQuota = async (db: Queryable, vaultId: string, defaultLimit: number): Promise<Quota> => {
  const { rows } = await sql<QuotaRow>`
    select used, byte_limit from metadata.quota where vault_id = ${vaultId}
  `.execute(db)
  return toQuota(rows[0], defaultLimit)
}

export const giveBackQuota = async (tx: MetadataTransaction, vaultId: string, bytes: number): Promise<void> => {
  if (bytes === 0) return
  await sql`update metadata.quota set used = used - ${bytes} where vault_id = ${vaultId}`.execute(tx)
}

/** Null = back to the configured default. Makes the row when the user has no drive yet. */
export const setQuotaLimit = async (db: Queryable, vaultId: string, limit: number | null): Promise<void> => {
  await sql`
    insert into metadata.quota (vault_id, byte_limit) values (${vaultId}, ${limit})
    on conflict (vault_id) do update set byte_limit = excluded.byte_limit
  `.execute(db)
}

export const listQuotas = async (
  db: Queryable,
  page: { readonly after: string | undefined; readonly limit: number; readonly defaultLimit: number }
): Promise<readonly (Quota & { readonly vaultId: string })[]> => {
  const { rows } = await sql<QuotaRow & { vault_id: string }>`
    select vault_id, used, byte_limit from metadata.quota
    where vault_id > ${page.after ?? '00000000-0000-0000-0000-000000000000'}::uuid
    order by vault_id limit ${page.limit}
  `.execute(db)
  return rows.map((row) => ({
    vaultId: row.vault_id,
    ...toQuota(row, page.defaultLimit)
  }))
}
