import { sql } from 'kysely'
import { type DriveFacts, resultKey, type StoredResult, type VersionFate } from '../domain/facts.ts'
import type { TreeRequest } from '../domain/operation.ts'
import type { Applied } from '../domain/outcome.ts'
import { versionIdsOf } from '../domain/plan-needs.ts'
import type { DriveKey, MetadataTransaction } from './database.ts'

export interface FactsQuery {
  readonly requests: readonly TreeRequest[]
  readonly at: number
  readonly defaultLimit: number
}

/**
 * Locks the drive's row, then looks: under READ COMMITTED only statements that start after the lock
 * was granted see what the previous holder committed. Both are sent at once, and so may be what the caller reads
 * next: a session runs its statements one after the other. Undefined when there is no such drive.
 */
export const loadDriveFacts = async (
  tx: MetadataTransaction,
  key: DriveKey,
  query: FactsQuery
): Promise<DriveFacts | undefined> => {
  const versionIds = [...new Set(versionIdsOf(query.requests))].sort()
  const [drive, found] = await Promise.all([lockDrive(tx, key), lookUp(tx, key, { ...query, versionIds })])
  if (drive === undefined) return undefined
  return {
    rootId: drive.root_id,
    headSeq: drive.head_seq,
    quota: { used: found.used ?? 0, limit: found.byte_limit ?? query.defaultLimit },
    results: toResults(found.results ?? []),
    fates: await toFates(tx, key.vaultId, { versionIds, claimed: found.claimed ?? [] })
  }
}

const lockDrive = async (tx: MetadataTransaction, key: DriveKey) => {
  const { rows } = await sql<{ root_id: string; head_seq: number }>`
    select root_id, head_seq from metadata.drive
    where vault_id = ${key.vaultId} and drive_id = ${key.driveId} for update
  `.execute(tx)
  return rows[0]
}

interface FoundRow {
  /** Version ids that had no fate and are now this transaction's. */
  readonly claimed: readonly string[] | null
  readonly used: number | null
  readonly byte_limit: number | null
  readonly results: readonly ResultRow[] | null
}

interface ResultRow {
  readonly user_id: string
  readonly op_id: string
  readonly request_hash: string
  readonly result: Applied
}

/**
 * One statement: claims the fates, locks the quota, finds what was applied before. Every id without a fate
 * becomes `committed`, so that a fence that comes now waits for the end of this transaction; those that stay
 * unused are given back (flush.ts), and where there is no drive none is taken. Ids are inserted in order: two transactions never wait in a circle.
 */
const lookUp = async (
  tx: MetadataTransaction,
  key: DriveKey,
  { requests, versionIds, at }: FactsQuery & { readonly versionIds: readonly string[] }
): Promise<FoundRow> => {
  const { userIds, opIds } = operationKeys(requests)
  const { rows } = await sql<FoundRow>`
    with claimed as (
      insert into metadata.version_fate (vault_id, version_id, fate, at_ms)
      select ${key.vaultId}::uuid, id, 'committed', ${at}::bigint from unnest(${versionIds}::uuid[]) as id
      where exists (select 1 from metadata.drive d where d.vault_id = ${key.vaultId} and d.drive_id = ${key.driveId})
      order by id on conflict do nothing returning version_id
    ), quota as (
      select used, byte_limit from metadata.quota
      where vault_id = ${key.vaultId} and cardinality(${versionIds}::uuid[]) > 0 for update
    ), stored as (
      select r.user_id, r.op_id, encode(r.request_hash, 'hex') as request_hash, r.result
      from unnest(${userIds}::uuid[], ${opIds}::uuid[]) as wanted (user_id, op_id) cross join lateral (
        select * from metadata.op_result o where o.vault_id = ${key.vaultId} and o.drive_id = ${key.driveId}
          and o.user_id = wanted.user_id and o.op_id = wanted.op_id limit 1
      ) r
    )
    select (select json_agg(version_id) from claimed) as claimed, (select used from quota) as used,
      (select byte_limit from quota) as byte_limit, (select json_agg(stored) from stored) as results
  `.execute(tx)
  return rows[0] ?? { claimed: null, used: null, byte_limit: null, results: null }
}

const operationKeys = (requests: readonly TreeRequest[]): { userIds: string[]; opIds: string[] } => {
  const userIds: string[] = []
  const opIds: string[] = []
  for (const { actor, units } of requests) {
    for (const { opId } of units.flatMap((unit) => unit.operations)) {
      userIds.push(actor.userId)
      opIds.push(opId)
    }
  }
  return { userIds, opIds }
}

const toResults = (rows: readonly ResultRow[]): Map<string, StoredResult> =>
  new Map(
    rows.map((row) => [
      resultKey(row.user_id, row.op_id),
      { requestHash: Buffer.from(row.request_hash, 'hex'), outcome: row.result }
    ])
  )

const toFates = async (
  tx: MetadataTransaction,
  vaultId: string,
  { versionIds, claimed }: { readonly versionIds: readonly string[]; readonly claimed: readonly string[] }
): Promise<Map<string, VersionFate>> => {
  const fates = new Map(claimed.map((id): [string, VersionFate] => [id, 'free']))
  const others = versionIds.filter((id) => !fates.has(id))
  if (others.length === 0) return fates
  const { rows } = await sql<{ version_id: string; fate: VersionFate }>`
    select version_id, fate from metadata.version_fate
    where vault_id = ${vaultId} and version_id = any(${others}::uuid[])
  `.execute(tx)
  for (const row of rows) fates.set(row.version_id, row.fate)
  return fates
}
