import type { ErrorCode } from '@cairn/contracts'
import { type RawBuilder, sql } from 'kysely'
import type { Finished, Session } from '../domain/session.ts'
import { lockTaken } from '../errors.ts'
import type { LockToken } from './locks.ts'
import { columns, type SelectedSession, toSession } from './rows.ts'
import type { Db } from './sessions.ts'

/** Every change of a lock holder: refused (`locked`) when the fence has moved on. */
const change = async (db: Db, token: LockToken, assignments: RawBuilder<unknown>): Promise<Session> => {
  const { rows } = await sql<SelectedSession>`
    update upload.session as session set ${assignments}
    where user_id = ${token.userId} and upload_id = ${token.uploadId} and lock_fence = ${token.fence}
    returning ${columns}`.execute(db)
  if (!rows[0]) throw lockTaken()
  return toSession(rows[0])
}

export const setLength = (db: Db, token: LockToken, length: number): Promise<Session> =>
  change(db, token, sql`length = ${length}`)

/** From now on a retry repeats these ids and no others. */
export const beginFinish = (db: Db, token: LockToken, ids: { versionId: string; opId: string }): Promise<Session> =>
  change(
    db,
    token,
    sql`state = 'finishing', version_id = ${ids.versionId}, op_id = ${ids.opId}, error_code = null,
      durable = length, received = length, active_at = now()`
  )

export const markDone = (db: Db, token: LockToken, result: Finished): Promise<Session> =>
  change(
    db,
    token,
    sql`state = 'done', result_node_id = ${result.nodeId}, version_id = ${result.versionId}, error_code = null,
      active_at = now()`
  )

export const markRefused = (db: Db, token: LockToken, code: ErrorCode): Promise<Session> =>
  change(db, token, sql`state = 'refused', error_code = ${code}, active_at = now()`)

/** All parts are copied: from here it is a stream like any other. */
export const markAssembled = (db: Db, token: LockToken): Promise<Session> =>
  change(db, token, sql`state = 'open', durable = length, received = length, active_at = now()`)

/** Scratch reference under which a part's stream is read; fixed before it is used. */
export const fixScratchReference = (db: Db, token: LockToken, referenceId: string): Promise<Session> =>
  change(db, token, sql`version_id = coalesce(version_id, ${referenceId}::uuid)`)

export const removeSession = async (db: Db, token: LockToken): Promise<void> => {
  await sql`
    delete from upload.session
    where user_id = ${token.userId} and upload_id = ${token.uploadId} and lock_fence = ${token.fence}`.execute(db)
}
