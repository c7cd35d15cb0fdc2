import { type HttpApp, problemResponses } from '@cairn/http'
import { Type } from 'typebox'
import type { AuthContext } from '../context.ts'
import { register } from '../domain/accounts/register.ts'
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
    username: UsernameInput,
    password: PasswordInput,
    email: Type.Optional(EmailInput),
    invite: Type.Optional(TokenInput),
    device: Type.Optional(DeviceInput),
    cookies: Type.Optional(CookiesInput)
  },
  { additionalProperties: false }
)

export const postRegister = (app: HttpApp, context: AuthContext): void => {
  app.post(
    '/v1/auth/register',
    {
      schema: {
        tags: ['auth'],
        summary: 'Make an account, where the policy allows it, and sign in',
        body: Body,
        response: {
          201: SignInReply,
          ...problemResponses(
            'invalid_request',
            'invalid_name',
            'forbidden',
            'name_taken',
            'conflict',
            'rate_limited',
            'unavailable'
          )
        }
      }
    },
    async (request, reply) => {
      const { username, password, email, invite, device, cookies = false } = request.body
      if (cookies) requireOwnPage(context, request)
      const signIn = await register(context, callerOf(request), { username, password, email, invite, device })
      reply.code(201)
      return signInReply(context, reply, { signIn, cookies })
    }
  )
}
