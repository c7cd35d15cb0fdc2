import type { ColumnType } from 'kysely'

export type AuditDetails = Readonly<Record<string, string | number | boolean>>

export interface AuditHeadTable {
  user_id: string
  seq: number
  hash: Uint8Array
}

export interface AuditEventTable {
  user_id: string
  seq: number
  event_id: string
  at: Date
  type: string
  actor_id: string | null
  result: string
  reason: string
  ip: string
  user_agent: string
  session_hash: string
  request_id: string
  /** Written as JSON text. */
  details: ColumnType<AuditDetails, string, string>
  hash: Uint8Array
}

export interface EventOutboxTable {
  user_id: string
  event_id: string
  topic: string
  /** Written as JSON text. */
  payload: ColumnType<unknown, string, string>
  traceparent: string | null
  created_at: Date
}

export interface LeaseTable {
  name: string
  holder: string
  expires_at: Date
}
