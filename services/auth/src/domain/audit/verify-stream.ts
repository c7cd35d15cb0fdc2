import type { AuthContext } from '../../context.ts'
import { findAuditHead, readAuditStream } from '../../store/audit.ts'
import { sameBytes } from '../tokens/secret-hash.ts'
import { CHAIN_START, verifyChain } from './chain.ts'

const PAGE = 1000

export type StreamVerdict =
  | { readonly ok: true; readonly events: number; readonly hash: string }
  | { readonly ok: false; readonly events: number; readonly badSeq: number }

/** Walks a whole stream. A cut-off tail shows against the head as it was before the walk. */
export const verifyAuditStream = async (context: AuthContext, userId: string): Promise<StreamVerdict> => {
  const head = await findAuditHead(context.database.query, userId)
  let state = CHAIN_START
  while (head !== undefined && state.seq < head.seq) {
    const limit = Math.min(PAGE, head.seq - state.seq)
    const rows = await readAuditStream(context.database.query, userId, { after: state.seq, limit })
    if (rows.length === 0) return { ok: false, events: state.seq, badSeq: state.seq + 1 }
    const result = verifyChain(state, rows)
    if (!result.ok) return { ok: false, events: result.badSeq - 1, badSeq: result.badSeq }
    state = result.state
  }
  if (head !== undefined && !sameBytes(head.hash, state.hash))
    return { ok: false, events: state.seq, badSeq: state.seq }
  return { ok: true, events: state.seq, hash: Buffer.from(state.hash).toString('hex') }
}
