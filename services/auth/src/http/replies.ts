import type { FastifyReply } from 'fastify'
import type { Selectable } from 'kysely'
import type { AuthContext } from '../context.ts'
import type { InviteTable } from '../db/schema/policy.ts'
import { SYSTEM_STREAM } from '../domain/audit/audit-event.ts'
import type { SignIn } from '../domain/sessions/issue-tokens.ts'
import { ACCESS_TOKEN_LIFE } from '../lifetimes.ts'
import type { Account } from '../store/accounts.ts'
import type { AppPassword } from '../store/app-passwords.ts'
import type { AuditRow } from '../store/audit.ts'
import type { Session } from '../store/sessions.ts'
import { setTokenCookies } from './cookies.ts'

const time = (date: Date): string => date.toISOString()
const timeOrNull = (date: Date | null): string | null => date?.toISOString() ?? null

export const userReply = (account: Account) => ({
  id: account.user_id,
  username: account.name,
  email: account.email,
  admin: account.admin,
  createdAt: time(account.created_at)
})

/** The body of a sign-in; with cookies the tokens go there and only there. */
export const signInReply = (
  context: AuthContext,
  reply: FastifyReply,
  { signIn, cookies }: { signIn: SignIn; cookies: boolean }
) => {
  const { account, session, accessToken, refreshToken } = signIn
  const body = {
    tokenType: 'Bearer' as const,
    expiresIn: ACCESS_TOKEN_LIFE / 1000,
    sessionId: session.session_id,
    user: userReply(account)
  }
  if (!cookies) return { ...body, accessToken, refreshToken }
  const refreshLife = session.idle_expires_at.getTime() - context.clock.now()
  setTokenCookies(reply, context.publicOrigin, { accessToken, refreshToken, refreshLife })
  return body
}

export const sessionReply = (session: Session, currentId: string) => ({
  id: session.session_id,
  device: session.device,
  userAgent: session.user_agent,
  ip: session.ip,
  createdAt: time(session.created_at),
  lastUsedAt: time(session.last_used_at),
  expiresAt: time(session.idle_expires_at),
  current: session.session_id === currentId
})

export const appPasswordReply = (row: AppPassword) => ({
  id: row.app_password_id,
  name: row.name,
  scopes: row.scopes,
  createdAt: time(row.created_at),
  lastUsedAt: timeOrNull(row.last_used_at),
  expiresAt: timeOrNull(row.expires_at)
})

export const adminUserReply = (account: Account) => ({
  id: account.user_id,
  username: account.name,
  email: account.email,
  admin: account.admin,
  disabled: account.disabled_at !== null,
  hasPassword: account.password_hash !== null,
  createdAt: time(account.created_at),
  lastSignInAt: timeOrNull(account.last_sign_in_at)
})

export const inviteReply = (row: Selectable<InviteTable>) => ({
  id: row.invite_id,
  note: row.note,
  createdAt: time(row.created_at),
  expiresAt: time(row.expires_at),
  usedAt: timeOrNull(row.used_at),
  usedBy: row.used_by
})

export const auditReply = (row: AuditRow) => ({
  id: row.event_id,
  sequence: row.seq,
  at: time(row.at),
  type: row.type,
  subjectId: row.user_id === SYSTEM_STREAM ? null : row.user_id,
  actorId: row.actor_id,
  result: row.result,
  reason: row.reason,
  ip: row.ip,
  userAgent: row.user_agent,
  sessionHash: row.session_hash,
  requestId: row.request_id,
  details: { ...row.details }
})
