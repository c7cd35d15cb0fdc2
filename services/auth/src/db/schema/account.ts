export interface AccountTable {
  user_id: string
  name: string
  name_fold: string
  email: string | null
  email_fold: string | null
  /** PHC string; null until the owner has set one. */
  password_hash: string | null
  password_changed_at: Date | null
  admin: boolean
  disabled_at: Date | null
  deleted_at: Date | null
  created_at: Date
  last_sign_in_at: Date | null
}

export interface UsernameTable {
  name_fold: string
  user_id: string
}

export interface EmailTable {
  email_fold: string
  user_id: string
}

export interface KnownSourceTable {
  user_id: string
  source_hash: Uint8Array
  last_sign_in_at: Date
}
