import type { JournalEntry } from '../domain/journal.ts'
import type { VersionRecord } from '../domain/node.ts'
import type { NewResult } from '../domain/working-set.ts'
import type { ColumnMap } from './unnest.ts'

export const VERSION_COLUMNS: ColumnMap<VersionRecord> = {
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

export const JOURNAL_COLUMNS: ColumnMap<JournalEntry> = {
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

export const RESULT_COLUMNS: ColumnMap<NewResult> = {
  user_id: ['uuid', (result) => result.userId],
  op_id: ['uuid', (result) => result.opId],
  request_hash: ['bytea', (result) => Buffer.from(result.requestHash)],
  result: ['jsonb', (result) => JSON.stringify(result.outcome)],
  at_ms: ['bigint', (result) => result.at]
}
