import type { Generated } from 'kysely'
import type { OnConflict, SessionKind, SessionState } from '../domain/session.ts'

/** Schema `upload`, keyed by user. */
export interface UploadTables {
  'upload.session': SessionRow
}

export interface SessionRow {
  user_id: string
  upload_id: string
  kind: SessionKind
  state: SessionState
  device_id: string
  vault_id: string
  drive_id: string
  node_id: string | null
  parent_id: string | null
  name: string
  length: number | null
  byte_limit: number
  durable: Generated<number>
  received: Generated<number>
  metadata: string | null
  mtime_ms: number | null
  on_conflict: OnConflict
  client_key: string | null
  parts: string[] | null
  version_id: string | null
  op_id: string | null
  result_node_id: string | null
  error_code: string | null
  lock_owner: string | null
  lock_fence: Generated<number>
  lock_until: Date | null
  lock_wanted: 'urgent' | 'polite' | null
  created_at: Generated<Date>
  active_at: Generated<Date>
  lease_until: Date
}
