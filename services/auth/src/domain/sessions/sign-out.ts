import type { AuthContext } from '../../context.ts'
import { notFound } from '../../errors.ts'
import { endSessions, findSession } from '../../store/sessions.ts'
import { recordAudit } from '../audit/record-audit.ts'
import type { Caller, SignedIn } from '../caller.ts'
import { parseRefreshToken } from '../tokens/refresh-token.ts'
import { isGenuine } from './refresh-session.ts'

/** Ends the caller's session. Ending an ended one is no error. */
export const signOut = async (context: AuthContext, caller: SignedIn): Promise<void> => {
  const { userId, sessionId } = caller
  const ended = await context.database.transaction(async (tx) => {
    const ids = await endSessions(tx, { userId, sessionId, reason: 'logout', at: new Date(context.clock.now()) })
    if (ids.length === 0) return false
    await recordAudit(context, tx, { type: 'sign_out', caller, subjectId: userId, result: 'done' })
    return true
  })
  if (ended) await context.events.sessionRevoked(userId, sessionId)
}

/** Whom a refresh token belongs to, for signing out when the access token is gone already. */
export const callerOfRefreshToken = async (
  context: AuthContext,
  caller: Caller,
  text: string
): Promise<SignedIn | undefined> => {
  const token = parseRefreshToken(text)
  if (token === undefined) return undefined
  const session = await findSession(context.database.query, token)
  if (session === undefined || !isGenuine(context, session, token)) return undefined
  return { ...caller, userId: token.userId, sessionId: token.sessionId }
}

export const signOutEverywhere = async (context: AuthContext, caller: SignedIn): Promise<void> => {
  const { userId } = caller
  await context.database.transaction(async (tx) => {
    const ids = await endSessions(tx, { userId, reason: 'logout_all', at: new Date(context.clock.now()) })
    await recordAudit(context, tx, {
      type: 'sign_out',
      caller,
      subjectId: userId,
      result: 'done',
      details: { sessions: ids.length }
    })
  })
  await context.events.sessionRevoked(userId, '*')
}

/** Ends one of the caller's own sessions. Throws `not_found`. */
export const endOwnSession = async (context: AuthContext, caller: SignedIn, sessionId: string): Promise<void> => {
  const { userId } = caller
  await context.database.transaction(async (tx) => {
    const at = new Date(context.clock.now())
    const ids = await endSessions(tx, { userId, sessionId, reason: 'ended_by_user', at })
    if (ids.length === 0) throw notFound('session')
    await recordAudit(context, tx, {
      type: 'session.ended',
      caller,
      subjectId: userId,
      result: 'done'
    })
  })
  await context.events.sessionRevoked(userId, sessionId)
}
