import { Cursor, type HttpApp, problemResponses, Uuid } from '@cairn/http'
import { Type } from 'typebox'
import type { AuthContext } from '../../context.ts'
import { pageOfAudit } from '../../http/page-of-audit.ts'
import { requireAdminSession } from '../../http/require-session.ts'
import { AuditEventSchema, NextCursor } from '../../http/schemas.ts'

const closed = { additionalProperties: false } as const

const User = Type.Optional(Uuid)

const Query = Type.Object(
  {
    user: User,
    cursor: Type.Optional(Cursor),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 }))
  },
  closed
)

export const getAudit = (app: HttpApp, context: AuthContext): void => {
  app.get(
    '/v1/auth/admin/audit',
    {
      onRequest: requireAdminSession(context),
      schema: {
        tags: ['admin'],
        summary: 'What happened, newest first; of one user or of all',
        querystring: Query,
        response: {
          200: Type.Object({ items: Type.Array(AuditEventSchema), nextCursor: NextCursor }),
          ...problemResponses('invalid_cursor', 'unauthenticated', 'forbidden')
        }
      }
    },
    async (request) => {
      return pageOfAudit(context, request.query.user, request.query)
    }
  )
}
