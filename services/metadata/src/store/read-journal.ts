import { sql } from 'kysely'
import type { NodeKind, NodeState } from '../domain/node.ts'
import type { DriveKey, Queryable } from './database.ts'

export interface JournalRow {
  readonly seq: number
  readonly op: string
  readonly node_id: string
  readonly parent_id: string | null
  readonly name: string
  readonly kind: NodeKind
  readonly state: NodeState
  readonly version_id: string | null
  readonly size: number
  readonly mtime_ms: number
  readonly content_rev: number
  readonly meta_rev: number
  readonly actor_id: string
  readonly device_id: string
  readonly op_id: string
  readonly at_ms: number
}

/** Entries after a position, in order. Gap-free: what is committed later has a higher seq. */
export const readJournal = async (
  db: Queryable,
  key: DriveKey,
  page: { readonly after: number; readonly limit: number }
): Promise<readonly JournalRow[]> => {
  const { rows } = await sql<JournalRow>`
    select seq, op, node_id, parent_id, name, kind, state, version_id, size, mtime_ms, content_rev, meta_rev,
      actor_id, device_id, op_id, at_ms
    from metadata.journal
    where vault_id = ${key.vaultId} and drive_id = ${key.driveId} and seq > ${page.after}
    order by seq limit ${page.limit}
  `.execute(db)
  return rows
}
