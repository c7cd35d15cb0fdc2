import { type HttpApp, PageQuery, problemResponses } from '@cairn/http'
import { Type } from 'typebox'
import type { AuthContext } from '../context.ts'
import { signedInOf } from '../http/caller-of.ts'
import { pageOfAudit } from '../http/page-of-audit.ts'
import { requireSession } from '../http/require-session.ts'
import { AuditEventSchema, NextCursor } from '../http/schemas.ts'

export const getOwnAudit = (app: HttpApp, context: AuthContext): void => {
  app.get(
    '/v1/auth/audit',
    {
      onRequest: requireSession(context),
      schema: {
        tags: ['auth'],
        summary: 'What happened to the caller’s account, newest first',
        querystring: PageQuery,
        response: {
          200: Type.Object({ items: Type.Array(AuditEventSchema), nextCursor: NextCursor }),
          ...problemResponses('invalid_cursor', 'unauthenticated', 'forbidden', 'unavailable')
        }
      }
    },
    async (request) => pageOfAudit(context, signedInOf(request).userId, request.query)
  )
}
