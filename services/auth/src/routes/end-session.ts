import { type HttpApp, problemResponses } from '@cairn/http'
import type { AuthContext } from '../context.ts'
import { endOwnSession } from '../domain/sessions/sign-out.ts'
import { signedInOf } from '../http/caller-of.ts'
import { requireSession } from '../http/require-session.ts'
import { IdParams, Nothing } from '../http/schemas.ts'

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
