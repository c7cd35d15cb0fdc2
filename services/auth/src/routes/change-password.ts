import { type HttpApp, problemResponses } from '@cairn/http'
import { Type } from 'typebox'
import type { AuthContext } from '../context.ts'
import { changePassword } from '../domain/passwords/change-password.ts'
import { signedInOf } from '../http/caller-of.ts'
import { requireSession } from '../http/require-session.ts'
import { Nothing, PasswordInput } from '../http/schemas.ts'

const Body = Type.Object(
  {
    currentPassword: PasswordInput,
    newPassword: PasswordInput,
    revokeAppPasswords: Type.Optional(Type.Boolean({ default: false }))
  },
  { additionalProperties: false }
)

export const postPassword = (app: HttpApp, context: AuthContext): void => {
  app.post(
    '/v1/auth/password',
    {
      onRequest: requireSession(context),
      schema: {
        tags: ['auth'],
        summary: 'Change the password; all other sessions end',
        body: Body,
        response: {
          204: Nothing,
          ...problemResponses('invalid_request', 'unauthenticated', 'forbidden', 'rate_limited', 'unavailable')
        }
      }
    },
    async (request, reply) => {
      const { currentPassword, newPassword, revokeAppPasswords = false } = request.body
      await changePassword(context, signedInOf(request), { currentPassword, newPassword, revokeAppPasswords })
      return reply.code(204).send()
    }
  )
}
