import { sql } from 'kysely'
import type { DriveKey, Queryable } from './database.ts'

/** A node as a listing of contents shows it. */
export interface ContentRow {
  readonly node_id: string
  readonly parent_id: string | null
  readonly name: string
  readonly kind: 'file' | 'folder'
  readonly version_id: string | null
  readonly size: number
  readonly mtime_ms: number
}

export interface Selected extends ContentRow {
  /** Nearest first, the root last. */
  readonly ancestors: readonly string[]
}

const COLUMNS = sql.raw('n.node_id, n.parent_id, n.name, n.kind, n.version_id, n.size, n.mtime_ms')

/** Those of the nodes that can be reached from the root, with their ancestors. */
export const readSelected = async (
  db: Queryable,
  key: DriveKey,
  nodeIds: readonly string[]
): Promise<ReadonlyMap<string, Selected>> => {
  const { rows } = await sql<Selected>`
    with recursive chain as (
      select n.node_id as start_id, n.node_id, n.parent_id, n.state, 0 as level from metadata.node n
      where n.vault_id = ${key.vaultId} and n.drive_id = ${key.driveId} and n.node_id = any(${[...nodeIds]}::uuid[])
      union all
      select chain.start_id, parent.node_id, parent.parent_id, parent.state, chain.level + 1
      from chain cross join lateral (
        select n.node_id, n.parent_id, n.state from metadata.node n
        where n.vault_id = ${key.vaultId} and n.node_id = chain.parent_id and n.drive_id = ${key.driveId} limit 1
      ) parent where chain.level < 200
    ), standing as (
      select start_id, array_agg(node_id::text order by level) filter (where level > 0) as ancestors from chain
      group by start_id having bool_and(state = 'live') and bool_or(parent_id is null)
    )
    select ${COLUMNS}, coalesce(standing.ancestors, '{}') as ancestors from standing
    join metadata.node n on n.vault_id = ${key.vaultId} and n.node_id = standing.start_id
  `.execute(db)
  return new Map(rows.map((row) => [row.node_id, row]))
}

/** Live children of all these folders; at most `limit` + 1 rows. */
export const readChildrenOf = async (
  db: Queryable,
  key: DriveKey,
  level: { readonly folderIds: readonly string[]; readonly limit: number }
): Promise<readonly ContentRow[]> => {
  const { rows } = await sql<ContentRow>`
    select child.* from unnest(${[...level.folderIds]}::uuid[]) as folder (id) cross join lateral (
      select ${COLUMNS} from metadata.node n where n.vault_id = ${key.vaultId} and n.parent_id = folder.id
        and n.state = 'live' and n.drive_id = ${key.driveId} limit ${level.limit + 1}
    ) child
    limit ${level.limit + 1}
  `.execute(db)
  return rows
}

export interface ReadableVersionRow {
  readonly version_id: string
  readonly manifest_id: Uint8Array
  readonly size: number
}

/** Those of the versions that belong to a file of the drive that is not being purged. */
export const readVersionsInDrive = async (
  db: Queryable,
  key: DriveKey,
  versionIds: readonly string[]
): Promise<readonly ReadableVersionRow[]> => {
  const { rows } = await sql<ReadableVersionRow>`
    select v.version_id, v.manifest_id, v.size from metadata.version v
    join metadata.node n on n.vault_id = v.vault_id and n.node_id = v.node_id
    where v.vault_id = ${key.vaultId} and v.version_id = any(${[...versionIds]}::uuid[])
      and n.drive_id = ${key.driveId} and n.state <> 'purging'
  `.execute(db)
  return rows
}
