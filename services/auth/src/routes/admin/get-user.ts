import { type HttpApp, problemResponses } from '@cairn/http'
import type { AuthContext } from '../../context.ts'
import { notFound } from '../../errors.ts'
import { adminUserReply } from '../../http/replies.ts'
import { requireAdminSession } from '../../http/require-session.ts'
import { AdminUser, IdParams } from '../../http/schemas.ts'
import { findAccount } from '../../store/accounts.ts'

export const getUser = (app: HttpApp, context: AuthContext): void => {
  app.get(
    '/v1/auth/admin/users/:id',
    {
      onRequest: requireAdminSession(context),
      schema: {
        tags: ['admin'],
        summary: 'One user',
        params: IdParams,
        response: { 200: AdminUser, ...problemResponses('unauthenticated', 'forbidden', 'not_found') }
      }
    },
    async (request) => {
      const account = await findAccount(context.database.query, request.params.id)
      if (account === undefined || account.deleted_at !== null) throw notFound('user')
      return adminUserReply(account)
    }
  )
}
