import { type HttpApp, problemResponses, requireIdentity } from '@cairn/http'
import type { AuthContext } from '../context.ts'
import { badCredentials } from '../errors.ts'
import { userReply } from '../http/replies.ts'
import { User } from '../http/schemas.ts'
import { findAccount } from '../store/accounts.ts'

export const getMe = (app: HttpApp, context: AuthContext): void => {
  app.get(
    '/v1/auth/me',
    {
      onRequest: requireIdentity(context.identity),
      schema: {
        tags: ['auth'],
        summary: 'Who the caller is',
        response: { 200: User, ...problemResponses('unauthenticated', 'unavailable') }
      }
    },
    async (request) => {
      const account = await findAccount(context.database.query, request.identity.userId)
      if (account === undefined) throw badCredentials()
      return userReply(account)
    }
  )
}
