import { sql } from 'kysely'
import type { DriveKey, Queryable } from './database.ts'

/** Which of these operations were applied already, with the node each one made or changed. */
export const findStoredResults = async (
  db: Queryable,
  key: DriveKey,
  asked: { readonly userId: string; readonly opIds: readonly string[] }
): Promise<ReadonlyMap<string, string>> => {
  if (asked.opIds.length === 0) return new Map()
  const { rows } = await sql<{ op_id: string; node_id: string }>`
    select op_id, result->'view'->'node'->>'id' as node_id from metadata.op_result
    where vault_id = ${key.vaultId} and drive_id = ${key.driveId} and user_id = ${asked.userId}
      and op_id = any(${[...asked.opIds]}::uuid[])
  `.execute(db)
  return new Map(rows.map((row) => [row.op_id, row.node_id]))
}
