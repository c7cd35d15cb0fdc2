import { type HttpApp, problemResponses } from '@cairn/http'
import { Type } from 'typebox'
import type { AuthContext } from '../context.ts'
import { changeEmail } from '../domain/accounts/change-email.ts'
import { signedInOf } from '../http/caller-of.ts'
import { userReply } from '../http/replies.ts'
import { requireSession } from '../http/require-session.ts'
import { EmailInput, PasswordInput, User } from '../http/schemas.ts'

const Body = Type.Object(
  { email: Type.Union([EmailInput, Type.Null()]), currentPassword: PasswordInput },
  { additionalProperties: false }
)

export const patchMe = (app: HttpApp, context: AuthContext): void => {
  app.patch(
    '/v1/auth/me',
    {
      onRequest: requireSession(context),
      schema: {
        tags: ['auth'],
        summary: "Change the caller's e-mail address",
        body: Body,
        response: {
          200: User,
          ...problemResponses('invalid_request', 'unauthenticated', 'forbidden', 'name_taken', 'rate_limited')
        }
      }
    },
    async (request) => userReply(await changeEmail(context, signedInOf(request), request.body))
  )
}
