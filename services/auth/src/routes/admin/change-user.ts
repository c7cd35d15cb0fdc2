import { type HttpApp, problemResponses } from '@cairn/http'
import { Type } from 'typebox'
import type { AuthContext } from '../../context.ts'
import { changeAccount } from '../../domain/admin/change-account.ts'
import { signedInOf } from '../../http/caller-of.ts'
import { adminUserReply } from '../../http/replies.ts'
import { requireAdminSession } from '../../http/require-session.ts'
import { AdminUser, EmailInput, IdParams } from '../../http/schemas.ts'

const closed = { additionalProperties: false } as const

const ChangeBody = Type.Object(
  {
    admin: Type.Optional(Type.Boolean()),
    disabled: Type.Optional(Type.Boolean({ description: 'true ends all sessions and app passwords for good' })),
    email: Type.Optional(Type.Union([EmailInput, Type.Null()]))
  },
  { ...closed, minProperties: 1 }
)

export const patchUser = (app: HttpApp, context: AuthContext): void => {
  app.patch(
    '/v1/auth/admin/users/:id',
    {
      onRequest: requireAdminSession(context),
      schema: {
        tags: ['admin'],
        summary: 'Change rights, state or address of a user',
        params: IdParams,
        body: ChangeBody,
        response: {
          200: AdminUser,
          ...problemResponses('invalid_request', 'unauthenticated', 'forbidden', 'not_found', 'name_taken', 'conflict')
        }
      }
    },
    async (request) => {
      const change = { ...request.body, userId: request.params.id }
      return adminUserReply(await changeAccount(context, signedInOf(request), change))
    }
  )
}
