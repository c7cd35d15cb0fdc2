import { type HttpApp, problemResponses } from '@cairn/http'
import type { AuthContext } from '../../context.ts'
import { endSessionsOfUser } from '../../domain/admin/reset-user.ts'
import { signedInOf } from '../../http/caller-of.ts'
import { requireAdminSession } from '../../http/require-session.ts'
import { IdParams, Nothing } from '../../http/schemas.ts'

export const postUserLogout = (app: HttpApp, context: AuthContext): void => {
  app.post(
    '/v1/auth/admin/users/:id/logout',
    {
      onRequest: requireAdminSession(context),
      schema: {
        tags: ['admin'],
        summary: 'End all sessions of a user',
        params: IdParams,
        response: { 204: Nothing, ...problemResponses('unauthenticated', 'forbidden', 'not_found') }
      }
    },
    async (request, reply) => {
      await endSessionsOfUser(context, signedInOf(request), request.params.id)
      return reply.code(204).send()
    }
  )
}
