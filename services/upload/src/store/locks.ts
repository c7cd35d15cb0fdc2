import { sql } from 'kysely'
import type { Session, SessionKey } from '../domain/session.ts'
import { columns, type SelectedSession, toSession } from './rows.ts'
import type { Db } from './sessions.ts'

export const LOCK_SECONDS = 4

export type LockAttempt =
  | { readonly outcome: 'taken'; readonly session: Session }
  | { readonly outcome: 'busy' }
  | { readonly outcome: 'absent' }

export const takeLock = async (db: Db, key: SessionKey, owner: string): Promise<LockAttempt> => {
  const { rows } = await sql<SelectedSession>`
    update upload.session as session set lock_owner = ${owner}, lock_fence = lock_fence + 1,
      lock_until = now() + make_interval(secs => ${LOCK_SECONDS})
    where user_id = ${key.userId} and upload_id = ${key.uploadId} and (lock_owner is null or lock_owner = ${owner} or lock_until <= now())
    returning ${columns}`.execute(db)
  if (rows[0]) return { outcome: 'taken', session: toSession(rows[0]) }
  const known = await sql<{ found: number }>`
    select 1 as found from upload.session
    where user_id = ${key.userId} and upload_id = ${key.uploadId}`.execute(db)
  return known.rows.length > 0 ? { outcome: 'busy' } : { outcome: 'absent' }
}

export interface LockToken extends SessionKey {
  readonly fence: number
}

export interface Progress {
  /** Durable bytes; undefined when the holder did not move it. */
  readonly received: number | undefined
  /** Renews the session's lease when set. */
  readonly leaseSeconds: number | undefined
}

/** False when somebody else holds the lock now: stop at once. */
export const renewLock = async (db: Db, token: LockToken, progress: Progress): Promise<boolean> => {
  const { numAffectedRows } = await sql`
    update upload.session set lock_until = now() + make_interval(secs => ${LOCK_SECONDS}), ${progressed(progress)}
    where user_id = ${token.userId} and upload_id = ${token.uploadId} and lock_fence = ${token.fence}`.execute(db)
  return numAffectedRows === 1n
}

export const releaseLock = async (db: Db, token: LockToken, progress: Progress): Promise<void> => {
  await sql`
    update upload.session set lock_owner = null, lock_until = null, ${progressed(progress)}
    where user_id = ${token.userId} and upload_id = ${token.uploadId} and lock_fence = ${token.fence}`.execute(db)
}

const progressed = ({ received, leaseSeconds }: Progress) => sql`
  received = coalesce(${received ?? null}::bigint, received),
  active_at = case when ${received ?? null}::bigint is not null then now() else active_at end,
  lease_until = greatest(lease_until, now() + make_interval(secs => ${leaseSeconds ?? 0}))`
