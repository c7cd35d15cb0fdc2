import { sql } from 'kysely'
import { type DriveFacts, type Role, resultKey, type StoredResult } from '../domain/facts.ts'
import type { TreeRequest } from '../domain/operation.ts'
import type { Applied } from '../domain/outcome.ts'
import { versionIdsOf } from '../domain/plan-needs.ts'
import { claimFates } from './claim-fates.ts'
import type { DriveKey, MetadataTransaction } from './database.ts'
import { lockQuota } from './quota.ts'

/**
 * Locks the drive's row, then looks: under READ COMMITTED only statements that start after the lock
 * was granted see what the previous holder committed. Undefined when there is no such drive.
 */
export const loadDriveFacts = async (
  tx: MetadataTransaction,
  key: DriveKey,
  batch: { readonly requests: readonly TreeRequest[]; readonly at: number; readonly defaultLimit: number }
): Promise<DriveFacts | undefined> => {
  const { rows } = await sql<{ root_id: string; head_seq: number }>`
    select root_id, head_seq from metadata.drive
    where vault_id = ${key.vaultId} and drive_id = ${key.driveId} for update
  `.execute(tx)
  const drive = rows[0]
  if (drive === undefined) return undefined

  const versionIds = versionIdsOf(batch.requests)
  const quota = versionIds.length === 0 ? { used: 0, limit: 0 } : await lockQuota(tx, key.vaultId, batch.defaultLimit)
  return {
    rootId: drive.root_id,
    headSeq: drive.head_seq,
    quota,
    roles: await loadRoles(tx, key, batch.requests),
    results: await loadResults(tx, key, batch.requests),
    fates: await claimFates(tx, key.vaultId, { versionIds, at: batch.at })
  }
}

const loadRoles = async (
  tx: MetadataTransaction,
  key: DriveKey,
  requests: readonly TreeRequest[]
): Promise<Map<string, Role>> => {
  const userIds = [...new Set(requests.map(({ actor }) => actor.userId))]
  const { rows } = await sql<{ user_id: string; role: Role }>`
    select user_id, role from metadata.drive_member
    where user_id = any(${userIds}::uuid[]) and drive_id = ${key.driveId} and vault_id = ${key.vaultId}
  `.execute(tx)
  return new Map(rows.map((row) => [row.user_id, row.role]))
}

const loadResults = async (
  tx: MetadataTransaction,
  key: DriveKey,
  requests: readonly TreeRequest[]
): Promise<Map<string, StoredResult>> => {
  const userIds: string[] = []
  const opIds: string[] = []
  for (const { actor, units } of requests) {
    for (const { opId } of units.flatMap((unit) => unit.operations)) {
      userIds.push(actor.userId)
      opIds.push(opId)
    }
  }
  const { rows } = await sql<{ user_id: string; op_id: string; request_hash: Buffer; result: Applied }>`
    select r.user_id, r.op_id, r.request_hash, r.result
    from unnest(${userIds}::uuid[], ${opIds}::uuid[]) as wanted (user_id, op_id)
    join metadata.op_result r on r.vault_id = ${key.vaultId} and r.drive_id = ${key.driveId}
      and r.user_id = wanted.user_id and r.op_id = wanted.op_id
  `.execute(tx)
  return new Map(
    rows.map((row) => [resultKey(row.user_id, row.op_id), { requestHash: row.request_hash, outcome: row.result }])
  )
}
