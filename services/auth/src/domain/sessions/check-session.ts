import type { AuthContext } from '../../context.ts'
import { findAccount, isActive } from '../../store/accounts.ts'
import { findSession, isAlive, type SessionKey } from '../../store/sessions.ts'

export interface SessionState {
  readonly active: boolean
  readonly admin: boolean
}

const ENDED: SessionState = { active: false, admin: false }

/** Whether a session may still be used, and with which rights. */
export const checkSession = async (context: AuthContext, key: SessionKey): Promise<SessionState> => {
  const session = await findSession(context.database.query, key)
  if (session === undefined || !isAlive(session, context.clock.now())) return ENDED
  const account = await findAccount(context.database.query, key.userId)
  return account !== undefined && isActive(account) ? { active: true, admin: account.admin } : ENDED
}
