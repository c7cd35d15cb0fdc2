import { type HttpApp, problemResponses } from '@cairn/http'
import { Type } from 'typebox'
import type { AuthContext } from '../context.ts'
import { endOwnSession } from '../domain/sessions/sign-out.ts'
import { signedInOf } from '../http/caller-of.ts'
import { sessionReply } from '../http/replies.ts'
import { requireSession } from '../http/require-session.ts'
import { IdParams, NextCursor, Nothing, SessionSchema } from '../http/schemas.ts'
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

export const deleteSession = (app: HttpApp, context: AuthContext): void => {
  app.delete(
    '/v1/auth/sessions/:id',
    {
      onRequest: requireSession(context),
      schema: {
        tags: ['auth'],
        summary: 'End one of the caller’s sessions',
        params: IdParams,
        response: { 204: Nothing, ...problemResponses('unauthenticated', 'forbidden', 'not_found', 'unavailable') }
      }
    },
    async (request, reply) => {
      await endOwnSession(context, signedInOf(request), request.params.id)
      return reply.code(204).send()
    }
  )
}
