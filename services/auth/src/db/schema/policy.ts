import type { ColumnType } from 'kysely'

export interface SetupTable {
  id: number
  sealed_token: Uint8Array
  completed_at: Date | null
  completed_by: string | null
}

export interface SettingTable {
  name: string
  /** Written as JSON text. */
  value: ColumnType<unknown, string, string>
  updated_at: Date
  updated_by: string | null
}

export interface InviteTable {
  invite_id: string
  secret_hash: Uint8Array
  note: string
  created_by: string
  created_at: Date
  expires_at: Date
  used_at: Date | null
  used_by: string | null
}
