import { type HttpApp, problemResponses } from '@cairn/http'
import { Type } from 'typebox'
import type { AuthContext } from '../context.ts'
import { confirmReset } from '../domain/passwords/confirm-reset.ts'
import { callerOf } from '../http/caller-of.ts'
import { Nothing, PasswordInput, TokenInput } from '../http/schemas.ts'

const closed = { additionalProperties: false } as const

const ConfirmBody = Type.Object(
  {
    token: TokenInput,
    newPassword: PasswordInput,
    revokeAppPasswords: Type.Optional(Type.Boolean({ default: false }))
  },
  closed
)

export const postResetConfirm = (app: HttpApp, context: AuthContext): void => {
  app.post(
    '/v1/auth/password-reset/confirm',
    {
      schema: {
        tags: ['auth'],
        summary: 'Choose a new password with the token of a link; all sessions end',
        body: ConfirmBody,
        response: { 204: Nothing, ...problemResponses('invalid_request', 'forbidden', 'rate_limited', 'unavailable') }
      }
    },
    async (request, reply) => {
      const { token, newPassword, revokeAppPasswords = false } = request.body
      await confirmReset(context, callerOf(request), { token, newPassword, revokeAppPasswords })
      return reply.code(204).send()
    }
  )
}
