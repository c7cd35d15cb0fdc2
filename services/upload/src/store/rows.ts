import type { ErrorCode } from '@cairn/contracts'
import { type Selectable, sql } from 'kysely'
import type { SessionRow } from '../db/tables.ts'
import type { Session } from '../domain/session.ts'

export type SelectedSession = Selectable<SessionRow> & { expired: boolean }

/** Of `upload.session as session`. */
export const columns = sql`session.*, session.lease_until <= now() as expired`

export const toSession = (row: SelectedSession): Session => ({
  userId: row.user_id,
  uploadId: row.upload_id,
  kind: row.kind,
  state: row.state,
  deviceId: row.device_id,
  target: {
    vaultId: row.vault_id,
    driveId: row.drive_id,
    nodeId: row.node_id ?? undefined,
    parentId: row.parent_id ?? undefined,
    name: row.name
  },
  length: row.length ?? undefined,
  byteLimit: row.byte_limit,
  durable: row.durable,
  received: row.received,
  metadata: row.metadata ?? undefined,
  mtimeMs: row.mtime_ms ?? undefined,
  onConflict: row.on_conflict,
  parts: row.parts ?? undefined,
  versionId: row.version_id ?? undefined,
  opId: row.op_id ?? undefined,
  resultNodeId: row.result_node_id ?? undefined,
  errorCode: (row.error_code as ErrorCode | null) ?? undefined,
  fence: row.lock_fence,
  createdAt: row.created_at,
  activeAt: row.active_at,
  leaseUntil: row.lease_until,
  expired: row.expired
})
