import type { AuthContext } from '../../context.ts'
import { badToken } from '../../errors.ts'
import { REFRESH_GRACE, REFRESH_IDLE_LIFE } from '../../lifetimes.ts'
import { LIMITS } from '../../limits/policy.ts'
import { findAccount, isActive } from '../../store/accounts.ts'
import { endSessions, findSession, isAlive, rotateSession, type Session } from '../../store/sessions.ts'
import { recordAudit } from '../audit/record-audit.ts'
import type { Caller } from '../caller.ts'
import { parseRefreshToken, type RefreshToken, refreshSecret } from '../tokens/refresh-token.ts'
import { hashSecret, sameBytes } from '../tokens/secret-hash.ts'
import { issueTokens, type SignIn } from './issue-tokens.ts'

/** Exchanges a refresh token; rotation, grace and reuse as in docs/auth.md. */
export const refreshSession = async (context: AuthContext, caller: Caller, text: string): Promise<SignIn> => {
  await context.limiter.require([{ limit: LIMITS.refreshSource, subject: caller.source }])
  const token = parseRefreshToken(text)
  if (token === undefined) throw badToken()
  const session = await findSession(context.database.query, token)
  if (session === undefined || !isGenuine(context, session, token)) throw badToken()
  await context.limiter.require([{ limit: LIMITS.refreshSession, subject: token.sessionId }])
  if (!isAlive(session, context.clock.now())) throw badToken()

  const fresh = await advance(context, session, token)
  if (fresh === undefined) {
    await endReusedFamily(context, caller, token)
    throw badToken()
  }
  const account = await findAccount(context.database.query, token.userId)
  if (account === undefined || !isActive(account)) throw badToken()
  return issueTokens(context, account, fresh)
}

/** Of this session and any generation up to the current one. The current one must also match what is stored. */
export const isGenuine = (context: AuthContext, session: Session, token: RefreshToken): boolean => {
  if (token.generation < 1 || token.generation > session.generation) return false
  if (token.generation === session.generation) return sameBytes(hashSecret(token.secret), session.token_hash)
  const family = { userId: token.userId, sessionId: token.sessionId, seed: session.seed }
  return sameBytes(refreshSecret(context.refreshKey, family, token.generation), token.secret)
}

/** The session in its newest generation; undefined when the token had its time. */
const advance = async (context: AuthContext, session: Session, token: RefreshToken): Promise<Session | undefined> => {
  if (token.generation === session.generation) {
    const rotated = await rotate(context, session)
    if (rotated !== undefined) return rotated
    // Another request with the same token was faster: this one gets the same successor.
    const current = await findSession(context.database.query, token)
    if (current === undefined || !isAlive(current, context.clock.now())) throw badToken()
    return advance(context, current, token)
  }
  const age = context.clock.now() - session.rotated_at.getTime()
  return token.generation === session.generation - 1 && age <= REFRESH_GRACE ? session : undefined
}

const rotate = async (context: AuthContext, session: Session): Promise<Session | undefined> => {
  const { user_id: userId, session_id: sessionId, seed, generation } = session
  const now = context.clock.now()
  const at = new Date(now)
  const tokenHash = hashSecret(refreshSecret(context.refreshKey, { userId, sessionId, seed }, generation + 1))
  const idleExpiresAt = new Date(Math.min(now + REFRESH_IDLE_LIFE, session.expires_at.getTime()))
  const rotation = { userId, sessionId, from: generation, tokenHash, at, idleExpiresAt }
  const done = await context.database.transaction((tx) => rotateSession(tx, rotation))
  if (!done) return undefined
  return {
    ...session,
    generation: generation + 1,
    token_hash: tokenHash,
    rotated_at: at,
    last_used_at: at,
    idle_expires_at: idleExpiresAt
  }
}

/** Two parties hold tokens of one session: neither keeps it. */
const endReusedFamily = async (context: AuthContext, caller: Caller, token: RefreshToken): Promise<void> => {
  const { userId, sessionId, generation } = token
  await context.database.transaction(async (tx) => {
    await endSessions(tx, { userId, sessionId, reason: 'refresh_reuse', at: new Date(context.clock.now()) })
    await recordAudit(context, tx, {
      type: 'refresh_reuse',
      caller: { ...caller, sessionId },
      subjectId: userId,
      result: 'refused',
      reason: 'used_token',
      details: { generation }
    })
  })
  await context.events.sessionRevoked(userId, sessionId)
  context.events.refreshReuse(userId)
}
