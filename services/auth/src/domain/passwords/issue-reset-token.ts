import type { AuthContext } from '../../context.ts'
import { RESET_TOKEN_LIFE } from '../../lifetimes.ts'
import type { Writing } from '../../store/handles.ts'
import { insertResetToken, voidResetTokens } from '../../store/reset-tokens.ts'
import { SECRET_BYTES } from '../tokens/keyed-token.ts'
import { formatResetToken } from '../tokens/reset-token.ts'
import { hashSecret } from '../tokens/secret-hash.ts'

export interface IssuedReset {
  readonly token: string
  /** The token is in the fragment: no server, log or Referer sees it, and opening the link changes nothing. */
  readonly url: string
  readonly expiresAt: Date
}

/** A new token; older ones of the account lose their force. `issuedBy`: the administrator, or null. */
export const issueResetToken = async (
  context: AuthContext,
  tx: Writing,
  { userId, issuedBy }: { userId: string; issuedBy: string | null }
): Promise<IssuedReset> => {
  const now = context.clock.now()
  const secret = context.random.bytes(SECRET_BYTES)
  const tokenId = context.random.uuid()
  const expiresAt = new Date(now + RESET_TOKEN_LIFE)
  await voidResetTokens(tx, userId, new Date(now))
  await insertResetToken(tx, {
    user_id: userId,
    token_id: tokenId,
    secret_hash: hashSecret(secret),
    issued_by: issuedBy,
    created_at: new Date(now),
    expires_at: expiresAt,
    used_at: null
  })
  const token = formatResetToken({ userId, tokenId, secret })
  return { token, url: `${context.publicOrigin}/reset-password#token=${token}`, expiresAt }
}
