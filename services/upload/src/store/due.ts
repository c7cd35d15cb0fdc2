import { sql } from 'kysely'
import type { SessionKey } from '../domain/session.ts'
import type { Db } from './sessions.ts'

interface DueRow {
  user_id: string
  upload_id: string
}

const toKey = (row: DueRow): SessionKey => ({ userId: row.user_id, uploadId: row.upload_id })

/** Jobs look across users; what they then do is keyed again. */
export const findExpired = async (db: Db, limit: number): Promise<SessionKey[]> => {
  const { rows } = await sql<DueRow>`
    select user_id, upload_id from upload.session
    where lease_until <= now() and (lock_owner is null or lock_until <= now())
    order by lease_until limit ${limit}`.execute(db)
  return rows.map(toKey)
}

/** Left between two states by a crash: nobody holds the lock and nothing has moved for a while. */
export const findUnsettled = async (db: Db, quietSeconds: number, limit: number): Promise<SessionKey[]> => {
  const { rows } = await sql<DueRow>`
    select user_id, upload_id from upload.session
    where state in ('finishing', 'assembling') and active_at <= now() - make_interval(secs => ${quietSeconds})
      and (lock_owner is null or lock_until <= now()) and lease_until > now()
    order by active_at limit ${limit}`.execute(db)
  return rows.map(toKey)
}
