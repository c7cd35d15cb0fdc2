import type { AuthContext } from '../../context.ts'
import type { Account } from '../../store/accounts.ts'
import type { Session } from '../../store/sessions.ts'
import { signAccessToken } from '../tokens/access-token.ts'
import { formatRefreshToken, refreshSecret } from '../tokens/refresh-token.ts'

/** What signing in or refreshing yields. */
export interface SignIn {
  readonly account: Account
  readonly session: Session
  readonly accessToken: string
  readonly refreshToken: string
}

/** The tokens of the session's current generation. Outside of transactions: the signing key may have to be read. */
export const issueTokens = async (context: AuthContext, account: Account, session: Session): Promise<SignIn> => {
  const { user_id: userId, session_id: sessionId, generation, seed } = session
  const secret = refreshSecret(context.refreshKey, { userId, sessionId, seed }, generation)
  return {
    account,
    session,
    accessToken: await signAccessToken(context, { userId, sessionId, admin: account.admin }),
    refreshToken: formatRefreshToken({ userId, sessionId, generation, secret })
  }
}
