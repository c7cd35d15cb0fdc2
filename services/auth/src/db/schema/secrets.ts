import type { ColumnType } from 'kysely'

export interface AppPasswordTable {
  user_id: string
  app_password_id: string
  secret_hash: Uint8Array
  name: string
  scopes: string[]
  created_at: Date
  last_used_at: Date | null
  expires_at: Date | null
  revoked_at: Date | null
}

export interface ResetTokenTable {
  user_id: string
  token_id: string
  secret_hash: Uint8Array
  /** The administrator who issued it; null when the owner asked for it. */
  issued_by: string | null
  created_at: Date
  expires_at: Date
  used_at: Date | null
}

export interface MessageTable {
  user_id: string
  message_id: string
  kind: string
  recipient: string | null
  sealed_body: Uint8Array
  created_at: Date
  expires_at: Date
}

export interface SigningKeyTable {
  kid: string
  generation: number
  /** Written as JSON text. */
  public_jwk: ColumnType<Record<string, unknown>, string, string>
  sealed_private: Uint8Array
  master_key_id: string
  created_at: Date
  sign_from: Date
  publish_until: Date | null
}
