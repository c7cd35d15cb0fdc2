import { type RawBuilder, sql } from 'kysely'
import type { TreeChanges } from '../domain/working-set.ts'
import type { DriveKey, MetadataTransaction } from './database.ts'
import { NODE_COLUMNS } from './node-row.ts'
import { JOURNAL_COLUMNS, RESULT_COLUMNS, VERSION_COLUMNS } from './row-columns.ts'
import { type ColumnMap, columnNames, unnestRows } from './unnest.ts'

/**
 * Writes a working set's changes, all tables in one statement. The drive's row is locked, so absolute
 * values are safe.
 */
export const flush = async (
  tx: MetadataTransaction,
  key: DriveKey,
  { changes, defaultLimit }: { readonly changes: TreeChanges; readonly defaultLimit: number }
): Promise<void> => {
  await vacatePlaces(tx, key, changes)
  const drive = sql`${key.vaultId}::uuid, ${key.driveId}::uuid`
  const writes: (RawBuilder<unknown> | undefined)[] = [
    sql`head as (
      update metadata.drive set head_seq = ${changes.headSeq}
      where vault_id = ${key.vaultId} and drive_id = ${key.driveId}
    )`,
    chargeQuota(key, { bytes: changes.quotaAdded, defaultLimit }),
    writeNodes(key, changes),
    insertRows('version', 'vault_id', {
      fixed: sql`${key.vaultId}::uuid`,
      columns: VERSION_COLUMNS,
      rows: changes.versions
    }),
    insertRows('journal', 'vault_id, drive_id', { fixed: drive, columns: JOURNAL_COLUMNS, rows: changes.journal }),
    insertRows('op_result', 'vault_id, drive_id', { fixed: drive, columns: RESULT_COLUMNS, rows: changes.results }),
    giveBackFates(key, changes.unusedVersionIds)
  ]
  const { rows } = await sql<{ charged: number }>`
    with ${sql.join(writes.filter((write) => write !== undefined))} select count(*) as charged from charged
  `.execute(tx)
  // The row is locked and every operation was judged against it: this can only be a defect.
  if (rows[0]?.charged !== 1) throw new Error('a commit would have passed the quota')
}

/**
 * The unique index is checked row by row, so two nodes that swap names (or one that takes a name freed
 * in the same batch) would collide: first take all of them out of the index.
 */
const vacatePlaces = async (tx: MetadataTransaction, key: DriveKey, changes: TreeChanges): Promise<void> => {
  const { movedIds, inserted } = changes
  if (movedIds.length === 0 || movedIds.length + inserted.length < 2) return
  await sql`
    update metadata.node set state = 'purging'
    where vault_id = ${key.vaultId} and node_id = any(${movedIds}::uuid[]) and state = 'live'
  `.execute(tx)
}

const NODE_ASSIGNMENTS = sql.raw(
  Object.keys(NODE_COLUMNS)
    .filter((name) => name !== 'node_id')
    .map((name) => `${name} = excluded.${name}`)
    .join(', ')
)

/**
 * New and changed nodes alike. As an upsert, because that looks every row up by its key; an update from a
 * list of rows may scan the whole vault when its statistics are old. What changed exists: it was reachable,
 * or in the trash, under the drive's lock.
 */
const writeNodes = (key: DriveKey, { inserted, updated }: TreeChanges): RawBuilder<unknown> | undefined =>
  inserted.length + updated.length === 0
    ? undefined
    : sql`nodes as (
        insert into metadata.node (vault_id, drive_id, ${columnNames(NODE_COLUMNS)})
        select ${key.vaultId}::uuid, ${key.driveId}::uuid, x.* from ${unnestRows(NODE_COLUMNS, [...updated, ...inserted])}
        on conflict (vault_id, node_id) do update set ${NODE_ASSIGNMENTS}
      )`

interface Insert<Row> {
  /** Values of the key columns, the same for every row. */
  readonly fixed: RawBuilder<unknown>
  readonly columns: ColumnMap<Row>
  readonly rows: readonly Row[]
}

const insertRows = <Row>(table: string, keys: string, insert: Insert<Row>): RawBuilder<unknown> | undefined =>
  insert.rows.length === 0
    ? undefined
    : sql`${sql.raw(`new_${table}`)} as (
        insert into ${sql.table(`metadata.${table}`)} (${sql.raw(keys)}, ${columnNames(insert.columns)})
        select ${insert.fixed}, x.* from ${unnestRows(insert.columns, insert.rows)}
      )`

const giveBackFates = (key: DriveKey, unused: readonly string[]): RawBuilder<unknown> | undefined =>
  unused.length === 0
    ? undefined
    : sql`given_back as (
        delete from metadata.version_fate where vault_id = ${key.vaultId} and version_id = any(${unused}::uuid[])
      )`

/** One row when the bytes fit, or there are none. */
const chargeQuota = (
  key: DriveKey,
  { bytes, defaultLimit }: { readonly bytes: number; readonly defaultLimit: number }
): RawBuilder<unknown> =>
  bytes === 0
    ? sql`charged as (select 1)`
    : sql`charged as (
        update metadata.quota set used = used + ${bytes}::bigint where vault_id = ${key.vaultId} and (
          coalesce(byte_limit, ${defaultLimit}) = 0 or used + ${bytes} <= coalesce(byte_limit, ${defaultLimit})
        ) returning 1
      )`
