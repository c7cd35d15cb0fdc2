import { type HttpApp, problemResponses } from '@cairn/http'
import { Type } from 'typebox'
import type { AuthContext } from '../context.ts'
import { signIn } from '../domain/sessions/sign-in.ts'
import { callerOf } from '../http/caller-of.ts'
import { requireOwnPage } from '../http/csrf.ts'
import { signInReply } from '../http/replies.ts'
import { CookiesInput, DeviceInput, PasswordInput, SignInReply, UsernameInput } from '../http/schemas.ts'

const Body = Type.Object(
  {
    username: UsernameInput,
    password: PasswordInput,
    device: Type.Optional(DeviceInput),
    cookies: Type.Optional(CookiesInput)
  },
  { additionalProperties: false }
)

export const postLogin = (app: HttpApp, context: AuthContext): void => {
  app.post(
    '/v1/auth/login',
    {
      schema: {
        tags: ['auth'],
        summary: 'Sign in with username or e-mail address and password',
        body: Body,
        response: {
          200: SignInReply,
          ...problemResponses('invalid_request', 'unauthenticated', 'csrf_refused', 'rate_limited', 'unavailable')
        }
      }
    },
    async (request, reply) => {
      const { username: identifier, password, device, cookies = false } = request.body
      if (cookies) requireOwnPage(context, request)
      const done = await signIn(context, callerOf(request), { identifier, password, device })
      return signInReply(context, reply, { signIn: done, cookies })
    }
  )
}
