import { type HttpApp, problemResponses } from '@cairn/http'
import { Type } from 'typebox'
import type { AuthContext } from '../context.ts'
import { refreshSession } from '../domain/sessions/refresh-session.ts'
import { badToken } from '../errors.ts'
import { callerOf } from '../http/caller-of.ts'
import { clearTokenCookies } from '../http/cookies.ts'
import { readRefreshCookie } from '../http/refresh-cookie.ts'
import { signInReply } from '../http/replies.ts'
import { SignInReply, TokenInput } from '../http/schemas.ts'

const Body = Type.Union([
  Type.Object({ refreshToken: Type.Optional(TokenInput) }, { additionalProperties: false }),
  Type.Null()
])

export const postRefresh = (app: HttpApp, context: AuthContext): void => {
  app.post(
    '/v1/auth/refresh',
    {
      schema: {
        tags: ['auth'],
        summary: 'Exchange a refresh token for new tokens',
        description: 'From the body, or from the cookie. A token that was used before ends its session.',
        body: Body,
        response: {
          200: SignInReply,
          ...problemResponses('invalid_request', 'unauthenticated', 'csrf_refused', 'rate_limited', 'unavailable')
        }
      }
    },
    async (request, reply) => {
      const given = request.body?.refreshToken
      const cookie = given === undefined ? readRefreshCookie(context, request) : undefined
      const token = given ?? cookie
      if (token === undefined) throw badToken()
      try {
        const signIn = await refreshSession(context, callerOf(request), token)
        return signInReply(context, reply, { signIn, cookies: cookie !== undefined })
      } catch (error) {
        if (cookie !== undefined && isOver(error)) clearTokenCookies(reply, context.publicOrigin)
        throw error
      }
    }
  )
}

const isOver = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'unauthenticated'
