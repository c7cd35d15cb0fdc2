import { type Kysely, sql } from 'kysely'
import type { UploadTables } from '../db/tables.ts'
import type { OnConflict, Session, SessionKey, SessionKind, SessionState, Target } from '../domain/session.ts'
import { columns, type SelectedSession, toSession } from './rows.ts'

export type Db = Kysely<UploadTables>

export interface NewSession extends SessionKey {
  readonly kind: SessionKind
  readonly state: SessionState
  readonly deviceId: string
  readonly target: Target
  readonly length: number | undefined
  readonly byteLimit: number
  readonly metadata?: string | undefined
  readonly mtimeMs?: number | undefined
  readonly onConflict?: OnConflict
  readonly clientKey?: string
  readonly parts?: readonly string[]
  readonly leaseSeconds: number
}

/** Undefined when the client key is taken by another session of the user in that drive. */
export const insertSession = async (db: Db, session: NewSession): Promise<Session | undefined> => {
  const { target } = session
  const { rows } = await sql<SelectedSession>`
    insert into upload.session as session (user_id, upload_id, kind, state, device_id, vault_id, drive_id, node_id,
      parent_id, name, length, byte_limit, metadata, mtime_ms, on_conflict, client_key, parts, lease_until)
    values (${session.userId}, ${session.uploadId}, ${session.kind}, ${session.state}, ${session.deviceId},
      ${target.vaultId}, ${target.driveId}, ${target.nodeId ?? null}, ${target.parentId ?? null}, ${target.name},
      ${session.length ?? null}, ${session.byteLimit}, ${session.metadata ?? null}, ${session.mtimeMs ?? null},
      ${session.onConflict ?? 'version'}, ${session.clientKey ?? null}, ${session.parts ? [...session.parts] : null}::uuid[],
      now() + make_interval(secs => ${session.leaseSeconds}))
    on conflict (user_id, drive_id, client_key) where client_key is not null do nothing
    returning ${columns}`.execute(db)
  return rows[0] && toSession(rows[0])
}

export const findSession = async (db: Db, key: SessionKey): Promise<Session | undefined> => {
  const { rows } = await sql<SelectedSession>`
    select ${columns} from upload.session
    where user_id = ${key.userId} and upload_id = ${key.uploadId}`.execute(db)
  return rows[0] && toSession(rows[0])
}

export const findByClientKey = async (
  db: Db,
  key: { userId: string; driveId: string; clientKey: string }
): Promise<Session | undefined> => {
  const { rows } = await sql<SelectedSession>`
    select ${columns} from upload.session
    where user_id = ${key.userId} and drive_id = ${key.driveId} and client_key = ${key.clientKey}`.execute(db)
  return rows[0] && toSession(rows[0])
}

/** The live final upload made of exactly these parts, if there is one. */
export const findByParts = async (db: Db, userId: string, parts: readonly string[]): Promise<Session | undefined> => {
  const { rows } = await sql<SelectedSession>`
    select ${columns} from upload.session
    where user_id = ${userId} and kind = 'final' and parts = ${[...parts]}::uuid[] and lease_until > now()
    order by created_at desc limit 1`.execute(db)
  return rows[0] && toSession(rows[0])
}

export interface ListFilter {
  readonly userId: string
  readonly activeOnly: boolean
  readonly limit: number
}

/** Newest first. */
export const listSessions = async (db: Db, { userId, activeOnly, limit }: ListFilter): Promise<Session[]> => {
  const { rows } = await sql<SelectedSession>`
    select ${columns} from upload.session
    where user_id = ${userId} and lease_until > now() and (state <> 'done' or not ${activeOnly})
    order by created_at desc, upload_id limit ${limit}`.execute(db)
  return rows.map(toSession)
}

/** Counts at most `atMost`. */
export const countOpenSessions = async (db: Db, userId: string, atMost: number): Promise<number> => {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from (
      select 1 from upload.session where user_id = ${userId} and state <> 'done' limit ${atMost}
    ) as open`.execute(db)
  return rows[0]?.count ?? 0
}

/** For sessions that many requests use at once: activity without a lock. Undefined when unknown or expired. */
export const touchSession = async (
  db: Db,
  key: SessionKey,
  activity: { leaseSeconds: number; bytes: number }
): Promise<Session | undefined> => {
  const { rows } = await sql<SelectedSession>`
    update upload.session as session set received = received + ${activity.bytes},
      durable = durable + ${activity.bytes}, active_at = now(),
      lease_until = greatest(lease_until, now() + make_interval(secs => ${activity.leaseSeconds}))
    where user_id = ${key.userId} and upload_id = ${key.uploadId} and lease_until > now()
    returning ${columns}`.execute(db)
  return rows[0] && toSession(rows[0])
}
