import { type HttpApp, problemResponses } from '@cairn/http'
import { Type } from 'typebox'
import type { AuthContext } from '../context.ts'
import { completeFirstSetup } from '../domain/accounts/setup.ts'
import { callerOf } from '../http/caller-of.ts'
import { requireOwnPage } from '../http/csrf.ts'
import { signInReply } from '../http/replies.ts'
import {
  CookiesInput,
  DeviceInput,
  EmailInput,
  PasswordInput,
  SignInReply,
  TokenInput,
  UsernameInput
} from '../http/schemas.ts'

const Body = Type.Object(
  {
    token: TokenInput,
    username: UsernameInput,
    password: PasswordInput,
    email: Type.Optional(EmailInput),
    device: Type.Optional(DeviceInput),
    cookies: Type.Optional(CookiesInput)
  },
  { additionalProperties: false }
)

export const postSetup = (app: HttpApp, context: AuthContext): void => {
  app.post(
    '/v1/auth/setup',
    {
      schema: {
        tags: ['auth'],
        summary: 'Make the first administrator, once, with the token printed at start',
        body: Body,
        response: {
          200: SignInReply,
          ...problemResponses('invalid_request', 'invalid_name', 'unauthenticated', 'conflict', 'rate_limited')
        }
      }
    },
    async (request, reply) => {
      const { token, username, password, email, device, cookies = false } = request.body
      if (cookies) requireOwnPage(context, request)
      const attempt = { token, username, password, email, device }
      const signIn = await completeFirstSetup(context, callerOf(request), attempt)
      return signInReply(context, reply, { signIn, cookies })
    }
  )
}
