import { type HttpApp, problemResponses } from '@cairn/http'
import { Type } from 'typebox'
import type { AuthContext } from '../../context.ts'
import { createUser } from '../../domain/admin/create-user.ts'
import { signedInOf } from '../../http/caller-of.ts'
import { adminUserReply } from '../../http/replies.ts'
import { requireAdminSession } from '../../http/require-session.ts'
import { AdminUser, EmailInput, IssuedLink, PasswordInput, UsernameInput } from '../../http/schemas.ts'

const closed = { additionalProperties: false } as const

const CreateBody = Type.Object(
  {
    username: UsernameInput,
    email: Type.Optional(EmailInput),
    password: Type.Optional(PasswordInput),
    admin: Type.Optional(Type.Boolean())
  },
  closed
)

export const postUser = (app: HttpApp, context: AuthContext): void => {
  app.post(
    '/v1/auth/admin/users',
    {
      onRequest: requireAdminSession(context),
      schema: {
        tags: ['admin'],
        summary: 'Make a user',
        description: 'Without a password the answer holds a link by which the user chooses one.',
        body: CreateBody,
        response: {
          201: Type.Object({ user: AdminUser, link: Type.Optional(IssuedLink) }),
          ...problemResponses('invalid_request', 'invalid_name', 'unauthenticated', 'forbidden', 'name_taken')
        }
      }
    },
    async (request, reply) => {
      const { admin = false, ...account } = request.body
      const { account: created, invitation } = await createUser(context, signedInOf(request), { ...account, admin })
      reply.code(201)
      const user = adminUserReply(created)
      if (invitation === undefined) return { user }
      return { user, link: { ...invitation, expiresAt: invitation.expiresAt.toISOString() } }
    }
  )
}
