import { type Kysely, sql, type Transaction } from 'kysely'
import type { PreviewTables } from '../db/tables.ts'
import type { Reason } from '../recipe.ts'

type Queryable = Kysely<PreviewTables> | Transaction<PreviewTables>

export interface RenditionKey {
  readonly vaultId: string
  readonly renditionId: Uint8Array
}

/** What is kept: a picture's object, or why there is none. */
export interface Rendition {
  readonly objectKey: string | null
  readonly bytes: number
  readonly reason: Reason | null
}

interface Source {
  readonly versionId: string
  readonly manifestId: Uint8Array
}

const bytea = (bytes: Uint8Array): Buffer => Buffer.from(bytes)

/** Notes that the version was asked for, and that the picture was seen, at most once a day. */
export const findRendition = async (
  db: Queryable,
  key: RenditionKey,
  source: Source
): Promise<Rendition | undefined> => {
  const { rows } = await sql<{ object_key: string | null; bytes: number; reason: Reason | null }>`
    with noted as (
      insert into preview.shown (vault_id, version_id, manifest_id)
      values (${key.vaultId}, ${source.versionId}, ${bytea(source.manifestId)}) on conflict do nothing
    ), seen as (
      update preview.rendition set seen_at = now()
      where vault_id = ${key.vaultId} and rendition_id = ${bytea(key.renditionId)} and seen_at < now() - interval '1 day'
    )
    select object_key, bytes, reason from preview.rendition
    where vault_id = ${key.vaultId} and rendition_id = ${bytea(key.renditionId)}
      and (reason is distinct from 'too_complex' or made_at > now() - interval '1 day')
  `.execute(db)
  const row = rows[0]
  return row && { objectKey: row.object_key, bytes: row.bytes, reason: row.reason }
}

/** The object that lost its row by this, if any: of a picture made twice at a time, or of an outdated refusal none. */
export const keepRendition = async (
  tx: Queryable,
  key: RenditionKey,
  made: Rendition & { readonly manifestId: Uint8Array }
): Promise<string | undefined> => {
  const { rows } = await sql<{ object_key: string | null }>`
    select object_key from preview.rendition
    where vault_id = ${key.vaultId} and rendition_id = ${bytea(key.renditionId)} for update`.execute(tx)
  await sql`
    insert into preview.rendition (vault_id, rendition_id, manifest_id, object_key, bytes, reason)
    values (${key.vaultId}, ${bytea(key.renditionId)}, ${bytea(made.manifestId)}, ${made.objectKey}, ${made.bytes}, ${made.reason})
    on conflict (vault_id, rendition_id) do update
      set object_key = excluded.object_key, bytes = excluded.bytes, reason = excluded.reason, made_at = now(), seen_at = now()
  `.execute(tx)
  return rows[0]?.object_key ?? undefined
}

export const dropRendition = async (db: Queryable, key: RenditionKey, objectKey: string): Promise<void> => {
  await sql`
    delete from preview.rendition where vault_id = ${key.vaultId} and rendition_id = ${bytea(key.renditionId)}
      and object_key = ${objectKey}`.execute(db)
}

/** Forgets versions and the pictures of sources that no other version shows. Returns the objects to delete. */
export const forgetVersions = async (
  tx: Queryable,
  vaultId: string,
  versionIds: readonly string[]
): Promise<readonly string[]> => {
  const { rows: gone } = await sql<{ manifest_id: Buffer }>`
    delete from preview.shown where vault_id = ${vaultId} and version_id = any(${[...versionIds]}::uuid[])
    returning manifest_id`.execute(tx)
  if (gone.length === 0) return []
  const { rows } = await sql<{ object_key: string | null }>`
    delete from preview.rendition r
    where r.vault_id = ${vaultId} and r.manifest_id = any(${gone.map((row) => row.manifest_id)}::bytea[])
      and not exists (select from preview.shown s where s.vault_id = r.vault_id and s.manifest_id = r.manifest_id)
    returning object_key`.execute(tx)
  return rows.flatMap((row) => row.object_key ?? [])
}

/** Pictures nobody looked at for so long; returns their objects. */
export const forgetUnseen = async (
  db: Queryable,
  { days, limit }: { readonly days: number; readonly limit: number }
): Promise<readonly string[]> => {
  const { rows } = await sql<{ object_key: string | null }>`
    delete from preview.rendition where (vault_id, rendition_id) in (
      select vault_id, rendition_id from preview.rendition
      where seen_at < now() - make_interval(days => ${days}) order by seen_at limit ${limit}
    ) returning object_key`.execute(db)
  return rows.flatMap((row) => row.object_key ?? [])
}

/** Those of the objects that a picture's row names. */
export const namedObjects = async (db: Queryable, objectKeys: readonly string[]): Promise<ReadonlySet<string>> => {
  const { rows } = await sql<{ object_key: string }>`
    select object_key from preview.rendition where object_key = any(${[...objectKeys]}::text[])`.execute(db)
  return new Set(rows.map((row) => row.object_key))
}
