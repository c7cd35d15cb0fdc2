import { createHash } from 'node:crypto'
import type { AuthContext } from '../../context.ts'
import type { AuditDetails } from '../../db/schema/journals.ts'
import { insertAuditRow, nextInStream } from '../../store/audit.ts'
import type { Writing } from '../../store/handles.ts'
import type { Caller } from '../caller.ts'
import { type AuditType, SYSTEM_STREAM } from './audit-event.ts'
import { auditHash } from './chain.ts'

export interface AuditFacts {
  readonly type: AuditType
  readonly caller: Caller
  /** Whom it is about; undefined when that is nobody known. */
  readonly subjectId: string | undefined
  readonly result: 'done' | 'refused'
  readonly reason?: string
  /** Never secrets. */
  readonly details?: AuditDetails
}

/** Adds an event to the subject's stream. Last in its transaction: it holds the stream until commit. */
export const recordAudit = async (context: AuthContext, tx: Writing, facts: AuditFacts): Promise<void> => {
  const { caller } = facts
  const stream = facts.subjectId ?? SYSTEM_STREAM
  const head = await nextInStream(tx, stream)
  const row = {
    user_id: stream,
    seq: head.seq,
    event_id: context.random.uuid(),
    at: new Date(context.clock.now()),
    type: facts.type,
    actor_id: caller.userId ?? null,
    result: facts.result,
    reason: facts.reason ?? '',
    ip: caller.ip,
    user_agent: caller.userAgent,
    session_hash: caller.sessionId === undefined ? '' : sessionHash(caller.sessionId),
    request_id: caller.requestId,
    details: facts.details ?? {}
  }
  await insertAuditRow(tx, { ...row, hash: auditHash(head.hash, row) })
}

/** Lets events of one session be matched without naming it. */
export const sessionHash = (sessionId: string): string =>
  createHash('sha256').update(sessionId).digest('hex').slice(0, 16)
