import { type HttpApp, problemResponses } from '@cairn/http'
import { Type } from 'typebox'
import type { AuthContext } from '../context.ts'
import { signedInOf } from '../http/caller-of.ts'
import { sessionReply } from '../http/replies.ts'
import { requireSession } from '../http/require-session.ts'
import { NextCursor, SessionSchema } from '../http/schemas.ts'
import { listAliveSessions } from '../store/sessions.ts'

export const getSessions = (app: HttpApp, context: AuthContext): void => {
  app.get(
    '/v1/auth/sessions',
    {
      onRequest: requireSession(context),
      schema: {
        tags: ['auth'],
        summary: 'Open sessions of the caller, last used first',
        response: {
          200: Type.Object({ items: Type.Array(SessionSchema), nextCursor: NextCursor }),
          ...problemResponses('unauthenticated', 'forbidden', 'unavailable')
        }
      }
    },
    async (request) => {
      const { userId, sessionId } = signedInOf(request)
      const rows = await listAliveSessions(context.database.query, userId, new Date(context.clock.now()))
      return { items: rows.map((row) => sessionReply(row, sessionId)), nextCursor: null }
    }
  )
}
