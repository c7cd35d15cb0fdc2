import { type RawBuilder, sql } from 'kysely'
import type { Role } from '../domain/facts.ts'
import type { DriveKey, MetadataDatabase, Queryable } from './database.ts'

/** What a user is in a drive. Also tells in which vault the drive lives. */
export interface Membership extends DriveKey {
  readonly role: Role
}

export interface Drive extends DriveKey {
  readonly name: string
  readonly kind: 'personal' | 'shared'
  readonly rootId: string
  readonly headSeq: number
  readonly floorSeq: number
  readonly journalId: string
  readonly createdAt: number
}

interface MemberRow {
  readonly vault_id: string
  readonly drive_id: string
  readonly role: Role
}

const toMembership = (row: MemberRow): Membership => ({ vaultId: row.vault_id, driveId: row.drive_id, role: row.role })

const findMember = async (db: Queryable, condition: RawBuilder<unknown>): Promise<Membership | undefined> => {
  const { rows } = await sql<MemberRow>`
    select vault_id, drive_id, role from metadata.drive_member where ${condition}
  `.execute(db)
  return rows[0] === undefined ? undefined : toMembership(rows[0])
}

export const findMembership = (db: Queryable, userId: string, driveId: string): Promise<Membership | undefined> =>
  findMember(db, sql`user_id = ${userId} and drive_id = ${driveId}`)

export const findPersonal = (db: Queryable, userId: string): Promise<Membership | undefined> =>
  findMember(db, sql`user_id = ${userId} and personal`)

export const listMemberships = async (db: Queryable, userId: string): Promise<readonly Membership[]> => {
  const { rows } = await sql<MemberRow>`
    select vault_id, drive_id, role from metadata.drive_member
    where user_id = ${userId} order by personal desc, drive_id
  `.execute(db)
  return rows.map(toMembership)
}

interface DriveRow {
  readonly vault_id: string
  readonly drive_id: string
  readonly name: string
  readonly kind: 'personal' | 'shared'
  readonly root_id: string
  readonly head_seq: number
  readonly floor_seq: number
  readonly journal_id: string
  readonly created_ms: number
}

export const readDrive = async (db: Queryable, key: DriveKey): Promise<Drive | undefined> => {
  const { rows } = await sql<DriveRow>`
    select vault_id, drive_id, name, kind, root_id, head_seq, floor_seq, journal_id, created_ms from metadata.drive
    where vault_id = ${key.vaultId} and drive_id = ${key.driveId}
  `.execute(db)
  const row = rows[0]
  if (row === undefined) return undefined
  return {
    vaultId: row.vault_id,
    driveId: row.drive_id,
    name: row.name,
    kind: row.kind,
    rootId: row.root_id,
    headSeq: row.head_seq,
    floorSeq: row.floor_seq,
    journalId: row.journal_id,
    createdAt: row.created_ms
  }
}

/** Finds or makes the user's own drive. Of parallel first calls one makes it, the others wait for that one. */
export const ensurePersonal = (
  database: MetadataDatabase,
  userId: string,
  birth: { readonly newId: () => string; readonly at: number }
): Promise<Membership> =>
  database.transaction(async (tx) => {
    const key: DriveKey = { vaultId: userId, driveId: birth.newId() }
    const made = await sql`
      insert into metadata.drive_member (user_id, drive_id, vault_id, role, personal, joined_ms)
      values (${userId}, ${key.driveId}, ${key.vaultId}, 'owner', true, ${birth.at})
      on conflict (user_id) where personal do nothing returning 1
    `.execute(tx)
    if (made.rows.length === 0) {
      const standing = await findPersonal(tx, userId)
      if (standing === undefined) throw new Error('the personal drive vanished')
      return standing
    }
    const rootId = birth.newId()
    await sql`
      insert into metadata.drive (vault_id, drive_id, name, kind, root_id, journal_id, created_ms)
      values (${key.vaultId}, ${key.driveId}, 'Personal', 'personal', ${rootId}, ${birth.newId()}, ${birth.at})
    `.execute(tx)
    await sql`
      insert into metadata.node (vault_id, node_id, drive_id, name, name_fold, kind, state, size, mtime_ms,
        content_rev, meta_rev, seq, tree_size, tree_rev, tree_height, created_ms, modified_ms)
      values (${key.vaultId}, ${rootId}, ${key.driveId}, '', '', 'folder', 'live', 0, ${birth.at},
        1, 1, 0, 0, 0, 0, ${birth.at}, ${birth.at})
    `.execute(tx)
    await sql`insert into metadata.quota (vault_id) values (${key.vaultId}) on conflict do nothing`.execute(tx)
    return { ...key, role: 'owner' }
  })
