import { sql } from 'kysely'
import type { VersionRecord } from '../domain/node.ts'
import type { Queryable } from './database.ts'

interface VersionRow {
  readonly version_id: string
  readonly node_id: string
  readonly manifest_id: Buffer
  readonly size: number
  readonly mtime_ms: number
  readonly user_id: string
  readonly device_id: string
  readonly created_seq: number
  readonly created_ms: number
}

const toVersion = (row: VersionRow): VersionRecord => ({
  id: row.version_id,
  nodeId: row.node_id,
  manifestId: row.manifest_id,
  size: row.size,
  mtime: row.mtime_ms,
  userId: row.user_id,
  deviceId: row.device_id,
  createdSeq: row.created_seq,
  createdAt: row.created_ms
})

const COLUMNS = sql.raw(
  'v.version_id, v.node_id, v.manifest_id, v.size, v.mtime_ms, v.user_id, v.device_id, v.created_seq, v.created_ms'
)

export const readVersion = async (
  db: Queryable,
  vaultId: string,
  versionId: string
): Promise<VersionRecord | undefined> => (await readVersionsById(db, vaultId, [versionId]))[0]

export const readVersionsById = async (
  db: Queryable,
  vaultId: string,
  versionIds: readonly string[]
): Promise<readonly VersionRecord[]> => {
  const { rows } = await sql<VersionRow>`
    select ${COLUMNS} from metadata.version v
    where v.vault_id = ${vaultId} and v.version_id = any(${[...versionIds]}::uuid[])
  `.execute(db)
  return rows.map(toVersion)
}

/** Newest first. `before`: the created_seq of the last one of the previous page. */
export const readVersionsOf = async (
  db: Queryable,
  vaultId: string,
  page: { readonly nodeId: string; readonly before: number | undefined; readonly limit: number }
): Promise<readonly VersionRecord[]> => {
  const { rows } = await sql<VersionRow>`
    select ${COLUMNS} from metadata.version v
    where v.vault_id = ${vaultId} and v.node_id = ${page.nodeId}
      ${page.before === undefined ? sql`` : sql`and v.created_seq < ${page.before}`}
    order by v.created_seq desc limit ${page.limit}
  `.execute(db)
  return rows.map(toVersion)
}

/** All versions of a vault in id order, for doctor. */
export const readAllVersions = async (
  db: Queryable,
  vaultId: string,
  page: { readonly after: string; readonly limit: number }
): Promise<readonly VersionRecord[]> => {
  const { rows } = await sql<VersionRow>`
    select ${COLUMNS} from metadata.version v
    where v.vault_id = ${vaultId} and v.version_id > ${page.after} order by v.version_id limit ${page.limit}
  `.execute(db)
  return rows.map(toVersion)
}
