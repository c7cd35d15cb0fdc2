import { type Kysely, sql } from 'kysely'
import type { StorageTables } from '../db/tables.ts'
import { byteaArray } from './bytes.ts'
import type { Tx } from './vaults.ts'

export interface Reference {
  readonly referenceId: string
  readonly manifestId: Uint8Array
}

export interface KnownReference extends Reference {
  readonly size: number
}

export const insertReferences = async (tx: Tx, vaultId: string, references: readonly Reference[]): Promise<void> => {
  await sql`
    insert into storage.reference (vault_id, reference_id, manifest_id)
    select ${vaultId}::uuid, r.* from unnest(
      ${references.map((reference) => reference.referenceId)}::uuid[],
      ${byteaArray(references.map((reference) => reference.manifestId))}
    ) as r
    on conflict (vault_id, reference_id) do nothing`.execute(tx)
}

export const findReferences = async (
  db: Kysely<StorageTables>,
  vaultId: string,
  referenceIds: readonly string[]
): Promise<Map<string, KnownReference>> => {
  const { rows } = await sql<{ reference_id: string; manifest_id: Uint8Array; size: number }>`
    select r.reference_id, r.manifest_id, m.size from storage.reference r
    join storage.manifest m using (vault_id, manifest_id)
    where r.vault_id = ${vaultId} and r.reference_id = any(${[...referenceIds]}::uuid[])`.execute(db)
  return new Map(
    rows.map((row) => [
      row.reference_id,
      { referenceId: row.reference_id, manifestId: row.manifest_id, size: row.size }
    ])
  )
}

export const confirmReferences = async (
  db: Kysely<StorageTables>,
  vaultId: string,
  referenceIds: readonly string[]
): Promise<void> => {
  await sql`
    update storage.reference set confirmed = true
    where vault_id = ${vaultId} and reference_id = any(${[...referenceIds]}::uuid[]) and not confirmed`.execute(db)
}

export const deleteReferences = async (
  db: Kysely<StorageTables>,
  vaultId: string,
  referenceIds: readonly string[]
): Promise<void> => {
  await sql`
    delete from storage.reference
    where vault_id = ${vaultId} and reference_id = any(${[...referenceIds]}::uuid[])`.execute(db)
}
