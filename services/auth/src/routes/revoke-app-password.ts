import { type HttpApp, problemResponses } from '@cairn/http'
import type { AuthContext } from '../context.ts'
import { revokeAppPassword } from '../domain/app-passwords/revoke-app-password.ts'
import { signedInOf } from '../http/caller-of.ts'
import { requireSession } from '../http/require-session.ts'
import { IdParams, Nothing } from '../http/schemas.ts'

export const deleteAppPassword = (app: HttpApp, context: AuthContext): void => {
  app.delete(
    '/v1/auth/app-passwords/:id',
    {
      onRequest: requireSession(context),
      schema: {
        tags: ['auth'],
        summary: 'Revoke an app password',
        params: IdParams,
        response: { 204: Nothing, ...problemResponses('unauthenticated', 'forbidden', 'not_found', 'unavailable') }
      }
    },
    async (request, reply) => {
      await revokeAppPassword(context, signedInOf(request), request.params.id)
      return reply.code(204).send()
    }
  )
}
