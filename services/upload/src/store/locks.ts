import { sql } from 'kysely'
import type { Session, SessionKey } from '../domain/session.ts'
import type { Urgency } from '../lock/holders.ts'
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
      lock_until = now() + make_interval(secs => ${LOCK_SECONDS}), lock_wanted = null
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
  /** Undefined when the holder did not move it. */
  readonly durable: number | undefined
  readonly received: number | undefined
  /** Renews the session's lease when set. */
  readonly leaseSeconds: number | undefined
}

/** Leaves word for the holder, who reads it with its next renewal. An urgent wish is not weakened. */
export const wishForLock = async (db: Db, key: SessionKey, urgency: Urgency): Promise<void> => {
  await sql`
    update upload.session set lock_wanted = case when lock_wanted = 'urgent' then 'urgent' else ${urgency} end
    where user_id = ${key.userId} and upload_id = ${key.uploadId} and lock_owner is not null`.execute(db)
}

export interface Renewal {
  /** False when somebody else holds the lock now: stop at once. */
  readonly held: boolean
  readonly wanted: Urgency | undefined
}

export const renewLock = async (db: Db, token: LockToken, progress: Progress): Promise<Renewal> => {
  const { rows } = await sql<{ lock_wanted: Urgency | null }>`
    update upload.session set lock_until = now() + make_interval(secs => ${LOCK_SECONDS}), ${progressed(progress)}
    where user_id = ${token.userId} and upload_id = ${token.uploadId} and lock_fence = ${token.fence}
    returning lock_wanted`.execute(db)
  return { held: rows.length === 1, wanted: rows[0]?.lock_wanted ?? undefined }
}

export const releaseLock = async (db: Db, token: LockToken, progress: Progress): Promise<void> => {
  await sql`
    update upload.session set lock_owner = null, lock_until = null, ${progressed(progress)}
    where user_id = ${token.userId} and upload_id = ${token.uploadId} and lock_fence = ${token.fence}`.execute(db)
}

const progressed = ({ durable, received, leaseSeconds }: Progress) => sql`
  durable = coalesce(${durable ?? null}::bigint, durable),
  received = coalesce(${received ?? null}::bigint, received),
  active_at = case when ${received ?? null}::bigint is not null then now() else active_at end,
  lease_until = greatest(lease_until, now() + make_interval(secs => ${leaseSeconds ?? 0}))`
