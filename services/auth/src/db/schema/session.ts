export interface SessionTable {
  user_id: string
  session_id: string
  /** Of the refresh token that is good now. */
  generation: number
  seed: Uint8Array
  token_hash: Uint8Array
  created_at: Date
  last_used_at: Date
  rotated_at: Date
  idle_expires_at: Date
  expires_at: Date
  ended_at: Date | null
  end_reason: string | null
  device: string | null
  user_agent: string
  ip: string
}
