import { CairnError } from '@cairn/contracts'
import type { AuthContext } from '../context.ts'
import { listAuditEvents } from '../store/audit.ts'
import { decodeCursor, encodeCursor } from './page-cursor.ts'
import { auditReply } from './replies.ts'

interface Page {
  readonly cursor?: string
  readonly limit?: number
}

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/

/** `userId` undefined: all streams. */
export const pageOfAudit = async (context: AuthContext, userId: string | undefined, page: Page) => {
  const limit = page.limit ?? 100
  const rows = await listAuditEvents(context.database.query, {
    limit: limit + 1,
    ...(userId === undefined ? {} : { userId }),
    ...(page.cursor === undefined ? {} : { before: eventIdOf(page.cursor) })
  })
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  const more = rows.length > limit && last !== undefined
  return { items: items.map(auditReply), nextCursor: more ? encodeCursor(last.event_id) : null }
}

const eventIdOf = (cursor: string): string => {
  const id = decodeCursor(cursor)
  if (!UUID.test(id)) throw new CairnError('invalid_cursor', 'The cursor is not one of ours')
  return id
}
