import { type HttpApp, PageQuery, problemResponses } from '@cairn/http'
import { Type } from 'typebox'
import type { AuthContext } from '../../context.ts'
import { decodeCursor, encodeCursor } from '../../http/page-cursor.ts'
import { adminUserReply } from '../../http/replies.ts'
import { requireAdminSession } from '../../http/require-session.ts'
import { AdminUser, NextCursor } from '../../http/schemas.ts'
import { listAccounts } from '../../store/accounts.ts'

export const getUsers = (app: HttpApp, context: AuthContext): void => {
  app.get(
    '/v1/auth/admin/users',
    {
      onRequest: requireAdminSession(context),
      schema: {
        tags: ['admin'],
        summary: 'All users by name',
        querystring: PageQuery,
        response: {
          200: Type.Object({ items: Type.Array(AdminUser), nextCursor: NextCursor }),
          ...problemResponses('invalid_cursor', 'unauthenticated', 'forbidden', 'unavailable')
        }
      }
    },
    async (request) => {
      const { cursor, limit = 100 } = request.query
      const after = cursor === undefined ? '' : decodeCursor(cursor)
      const rows = await listAccounts(context.database.query, { after, limit: limit + 1 })
      const items = rows.slice(0, limit)
      const last = items.at(-1)
      const nextCursor = rows.length > limit && last !== undefined ? encodeCursor(last.name_fold) : null
      return { items: items.map(adminUserReply), nextCursor }
    }
  )
}
