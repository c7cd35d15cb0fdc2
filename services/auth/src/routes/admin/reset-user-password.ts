import { type HttpApp, problemResponses } from '@cairn/http'
import type { AuthContext } from '../../context.ts'
import { issueResetForUser } from '../../domain/admin/reset-user.ts'
import { signedInOf } from '../../http/caller-of.ts'
import { requireAdminSession } from '../../http/require-session.ts'
import { IdParams, IssuedLink } from '../../http/schemas.ts'

export const postUserReset = (app: HttpApp, context: AuthContext): void => {
  app.post(
    '/v1/auth/admin/users/:id/password-reset',
    {
      onRequest: requireAdminSession(context),
      schema: {
        tags: ['admin'],
        summary: 'A link by which the user chooses a new password, good for 30 minutes',
        params: IdParams,
        response: { 200: IssuedLink, ...problemResponses('unauthenticated', 'forbidden', 'not_found') }
      }
    },
    async (request) => {
      const issued = await issueResetForUser(context, signedInOf(request), request.params.id)
      return { ...issued, expiresAt: issued.expiresAt.toISOString() }
    }
  )
}
