import { sql } from 'kysely'
import type { JournalEntry } from '../domain/journal.ts'
import type { TreeNode, VersionRecord } from '../domain/node.ts'
import type { NewResult, TreeChanges } from '../domain/working-set.ts'
import type { DriveKey, MetadataTransaction } from './database.ts'
import { NODE_COLUMNS } from './node-row.ts'
import { type ColumnMap, columnNames, unnestRows } from './unnest.ts'

/** Writes a working set's changes. The drive's row is locked, so absolute values are safe. */
export const flush = async (
  tx: MetadataTransaction,
  key: DriveKey,
  batch: { readonly changes: TreeChanges; readonly defaultLimit: number }
): Promise<void> => {
  const { changes } = batch
  await vacatePlaces(tx, key, changes.movedIds)
  await updateNodes(tx, key, changes.updated)
  await insertNodes(tx, key, changes.inserted)
  await insertVersions(tx, key, changes.versions)
  await insertJournal(tx, key, changes.journal)
  await insertResults(tx, key, changes.results)
  await giveBackFates(tx, key, changes.unusedVersionIds)
  await advanceHead(tx, key, changes.headSeq)
  await takeQuota(tx, key, { bytes: changes.quotaAdded, defaultLimit: batch.defaultLimit })
}

/**
 * The unique index is checked row by row, so two nodes that swap names (or one that takes a name freed
 * in the same batch) would collide: first take all of them out of the index.
 */
const vacatePlaces = async (tx: MetadataTransaction, key: DriveKey, movedIds: readonly string[]): Promise<void> => {
  if (movedIds.length < 2) return
  await sql`
    update metadata.node set state = 'purging'
    where vault_id = ${key.vaultId} and node_id = any(${movedIds}::uuid[]) and state = 'live'
  `.execute(tx)
}

const updateNodes = async (tx: MetadataTransaction, key: DriveKey, nodes: readonly TreeNode[]): Promise<void> => {
  if (nodes.length === 0) return
  await sql`
    update metadata.node n set ${NODE_ASSIGNMENTS} from ${unnestRows(NODE_COLUMNS, nodes)}
    where n.vault_id = ${key.vaultId} and n.node_id = x.node_id
  `.execute(tx)
}

const NODE_ASSIGNMENTS = sql.raw(
  Object.keys(NODE_COLUMNS)
    .filter((name) => name !== 'node_id')
    .map((name) => `${name} = x.${name}`)
    .join(', ')
)

const insertNodes = async (tx: MetadataTransaction, key: DriveKey, nodes: readonly TreeNode[]): Promise<void> => {
  if (nodes.length === 0) return
  await sql`
    insert into metadata.node (vault_id, drive_id, ${columnNames(NODE_COLUMNS)})
    select ${key.vaultId}::uuid, ${key.driveId}::uuid, x.* from ${unnestRows(NODE_COLUMNS, nodes)}
  `.execute(tx)
}

const VERSION_COLUMNS: ColumnMap<VersionRecord> = {
  version_id: ['uuid', (version) => version.id],
  node_id: ['uuid', (version) => version.nodeId],
  manifest_id: ['bytea', (version) => Buffer.from(version.manifestId)],
  size: ['bigint', (version) => version.size],
  mtime_ms: ['bigint', (version) => version.mtime],
  user_id: ['uuid', (version) => version.userId],
  device_id: ['text', (version) => version.deviceId],
  created_seq: ['bigint', (version) => version.createdSeq],
  created_ms: ['bigint', (version) => version.createdAt]
}

const insertVersions = async (
  tx: MetadataTransaction,
  key: DriveKey,
  versions: readonly VersionRecord[]
): Promise<void> => {
  if (versions.length === 0) return
  await sql`
    insert into metadata.version (vault_id, ${columnNames(VERSION_COLUMNS)})
    select ${key.vaultId}::uuid, x.* from ${unnestRows(VERSION_COLUMNS, versions)}
  `.execute(tx)
}

const JOURNAL_COLUMNS: ColumnMap<JournalEntry> = {
  seq: ['bigint', (entry) => entry.seq],
  op: ['text', (entry) => entry.op],
  node_id: ['uuid', (entry) => entry.node.id],
  parent_id: ['uuid', (entry) => entry.node.parentId],
  name: ['text', (entry) => entry.node.name],
  kind: ['text', (entry) => entry.node.kind],
  state: ['text', (entry) => entry.node.state],
  version_id: ['uuid', (entry) => entry.node.versionId],
  size: ['bigint', (entry) => entry.node.size],
  mtime_ms: ['bigint', (entry) => entry.node.mtime],
  content_rev: ['bigint', (entry) => entry.node.contentRev],
  meta_rev: ['bigint', (entry) => entry.node.metaRev],
  actor_id: ['uuid', (entry) => entry.actor.userId],
  device_id: ['text', (entry) => entry.actor.deviceId],
  op_id: ['uuid', (entry) => entry.opId],
  at_ms: ['bigint', (entry) => entry.at]
}

const insertJournal = async (
  tx: MetadataTransaction,
  key: DriveKey,
  entries: readonly JournalEntry[]
): Promise<void> => {
  if (entries.length === 0) return
  await sql`
    insert into metadata.journal (vault_id, drive_id, ${columnNames(JOURNAL_COLUMNS)})
    select ${key.vaultId}::uuid, ${key.driveId}::uuid, x.* from ${unnestRows(JOURNAL_COLUMNS, entries)}
  `.execute(tx)
}

const RESULT_COLUMNS: ColumnMap<NewResult> = {
  user_id: ['uuid', (result) => result.userId],
  op_id: ['uuid', (result) => result.opId],
  request_hash: ['bytea', (result) => Buffer.from(result.requestHash)],
  result: ['jsonb', (result) => JSON.stringify(result.outcome)],
  at_ms: ['bigint', (result) => result.at]
}

const insertResults = async (tx: MetadataTransaction, key: DriveKey, results: readonly NewResult[]): Promise<void> => {
  if (results.length === 0) return
  await sql`
    insert into metadata.op_result (vault_id, drive_id, ${columnNames(RESULT_COLUMNS)})
    select ${key.vaultId}::uuid, ${key.driveId}::uuid, x.* from ${unnestRows(RESULT_COLUMNS, results)}
  `.execute(tx)
}

const giveBackFates = async (tx: MetadataTransaction, key: DriveKey, unused: readonly string[]): Promise<void> => {
  if (unused.length === 0) return
  await sql`
    delete from metadata.version_fate where vault_id = ${key.vaultId} and version_id = any(${unused}::uuid[])
  `.execute(tx)
}

const advanceHead = async (tx: MetadataTransaction, key: DriveKey, headSeq: number): Promise<void> => {
  await sql`
    update metadata.drive set head_seq = ${headSeq} where vault_id = ${key.vaultId} and drive_id = ${key.driveId}
  `.execute(tx)
}

const takeQuota = async (
  tx: MetadataTransaction,
  key: DriveKey,
  take: { readonly bytes: number; readonly defaultLimit: number }
): Promise<void> => {
  if (take.bytes === 0) return
  const { rows } = await sql`
    update metadata.quota set used = used + ${take.bytes}
    where vault_id = ${key.vaultId} and (
      coalesce(byte_limit, ${take.defaultLimit}) = 0
      or used + ${take.bytes} <= coalesce(byte_limit, ${take.defaultLimit})
    ) returning 1
  `.execute(tx)
  // The row is locked and every operation was judged against it: this can only be a defect.
  if (rows.length === 0) throw new Error('a commit would have passed the quota')
}
