import { type HttpApp, problemResponses } from '@cairn/http'
import type { AuthContext } from '../../context.ts'
import { withdrawInvite } from '../../domain/admin/invites.ts'
import { signedInOf } from '../../http/caller-of.ts'
import { requireAdminSession } from '../../http/require-session.ts'
import { IdParams, Nothing } from '../../http/schemas.ts'

export const deleteInvite = (app: HttpApp, context: AuthContext): void => {
  app.delete(
    '/v1/auth/admin/invites/:id',
    {
      onRequest: requireAdminSession(context),
      schema: {
        tags: ['admin'],
        summary: 'Withdraw an invitation that was not used',
        params: IdParams,
        response: { 204: Nothing, ...problemResponses('unauthenticated', 'forbidden', 'not_found') }
      }
    },
    async (request, reply) => {
      await withdrawInvite(context, signedInOf(request), request.params.id)
      return reply.code(204).send()
    }
  )
}
