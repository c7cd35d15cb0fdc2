import { createHash } from 'node:crypto'
import type { AuditRow } from '../../store/audit.ts'
import { sameBytes } from '../tokens/secret-hash.ts'

/** Hash of one event: SHA-256 of the hash before it and the canonical JSON of the row. */
export const auditHash = (previous: Uint8Array, row: Omit<AuditRow, 'hash'>): Uint8Array =>
  createHash('sha256').update(previous).update(canonical(row)).digest()

/** Fixed order of fields; details by name. */
const canonical = (row: Omit<AuditRow, 'hash'>): string =>
  JSON.stringify([
    1,
    row.user_id,
    row.seq,
    row.event_id,
    row.at.toISOString(),
    row.type,
    row.actor_id,
    row.result,
    row.reason,
    row.ip,
    row.user_agent,
    row.session_hash,
    row.request_id,
    Object.entries(row.details).sort(([a], [b]) => (a < b ? -1 : 1))
  ])

export interface ChainState {
  readonly seq: number
  readonly hash: Uint8Array
}

export const CHAIN_START: ChainState = { seq: 0, hash: new Uint8Array(0) }

export type ChainResult =
  | { readonly ok: true; readonly state: ChainState }
  | { readonly ok: false; readonly badSeq: number }

/** Continues a walk over a stream; names the first row that does not follow from the one before. */
export const verifyChain = (state: ChainState, rows: readonly AuditRow[]): ChainResult => {
  let { seq, hash } = state
  for (const row of rows) {
    if (row.seq !== seq + 1 || !sameBytes(auditHash(hash, row), row.hash)) return { ok: false, badSeq: seq + 1 }
    seq = row.seq
    hash = row.hash
  }
  return { ok: true, state: { seq, hash } }
}
