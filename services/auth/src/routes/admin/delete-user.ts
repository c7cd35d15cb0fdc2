import { type HttpApp, problemResponses } from '@cairn/http'
import type { AuthContext } from '../../context.ts'
import { deleteAccount } from '../../domain/admin/change-account.ts'
import { signedInOf } from '../../http/caller-of.ts'
import { requireAdminSession } from '../../http/require-session.ts'
import { IdParams, Nothing } from '../../http/schemas.ts'

export const deleteUser = (app: HttpApp, context: AuthContext): void => {
  app.delete(
    '/v1/auth/admin/users/:id',
    {
      onRequest: requireAdminSession(context),
      schema: {
        tags: ['admin'],
        summary: 'Mark a user as deleted; the name is never given to another',
        params: IdParams,
        response: { 204: Nothing, ...problemResponses('unauthenticated', 'forbidden', 'not_found', 'conflict') }
      }
    },
    async (request, reply) => {
      await deleteAccount(context, signedInOf(request), request.params.id)
      return reply.code(204).send()
    }
  )
}
