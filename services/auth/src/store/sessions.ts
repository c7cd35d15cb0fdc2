import type { Selectable } from 'kysely'
import type { SessionTable } from '../db/schema/session.ts'
import type { Reading, Writing } from './handles.ts'

export type Session = Selectable<SessionTable>
export type SessionEndReason =
  | 'logout'
  | 'logout_all'
  | 'ended_by_user'
  | 'ended_by_admin'
  | 'password_changed'
  | 'password_reset'
  | 'account_disabled'
  | 'account_deleted'
  | 'refresh_reuse'

export interface SessionKey {
  readonly userId: string
  readonly sessionId: string
}

export const isAlive = (session: Session, now: number): boolean =>
  session.ended_at === null && session.idle_expires_at.getTime() > now && session.expires_at.getTime() > now

export const findSession = (db: Reading, { userId, sessionId }: SessionKey): Promise<Session | undefined> =>
  db
    .selectFrom('auth.session')
    .selectAll()
    .where('user_id', '=', userId)
    .where('session_id', '=', sessionId)
    .executeTakeFirst()

export const listAliveSessions = (db: Reading, userId: string, now: Date): Promise<Session[]> =>
  db
    .selectFrom('auth.session')
    .selectAll()
    .where('user_id', '=', userId)
    .where('ended_at', 'is', null)
    .where('idle_expires_at', '>', now)
    .where('expires_at', '>', now)
    .orderBy('last_used_at', 'desc')
    .limit(1000)
    .execute()

export const insertSession = async (tx: Writing, session: Session): Promise<void> => {
  await tx.insertInto('auth.session').values(session).execute()
}

export interface Rotation extends SessionKey {
  readonly from: number
  readonly tokenHash: Uint8Array
  readonly at: Date
  readonly idleExpiresAt: Date
}

/** False when somebody else has rotated or ended the session meanwhile. */
export const rotateSession = async (tx: Writing, rotation: Rotation): Promise<boolean> => {
  const updated = await tx
    .updateTable('auth.session')
    .set({
      generation: rotation.from + 1,
      token_hash: rotation.tokenHash,
      rotated_at: rotation.at,
      last_used_at: rotation.at,
      idle_expires_at: rotation.idleExpiresAt
    })
    .where('user_id', '=', rotation.userId)
    .where('session_id', '=', rotation.sessionId)
    .where('generation', '=', rotation.from)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  return updated.numUpdatedRows > 0n
}

export interface SessionEnd {
  readonly userId: string
  /** All of them when absent. */
  readonly sessionId?: string
  readonly except?: string
  readonly reason: SessionEndReason
  readonly at: Date
}

/** Ids of the sessions that were still open. */
export const endSessions = async (
  tx: Writing,
  { userId, sessionId, except, reason, at }: SessionEnd
): Promise<readonly string[]> => {
  let query = tx
    .updateTable('auth.session')
    .set({ ended_at: at, end_reason: reason })
    .where('user_id', '=', userId)
    .where('ended_at', 'is', null)
    .returning('session_id')
  if (sessionId !== undefined) query = query.where('session_id', '=', sessionId)
  if (except !== undefined) query = query.where('session_id', '!=', except)
  return (await query.execute()).map(({ session_id }) => session_id)
}
