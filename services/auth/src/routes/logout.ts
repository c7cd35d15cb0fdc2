import { type HttpApp, problemResponses, requireIdentity } from '@cairn/http'
import { accessCookieName, readCookie } from '@cairn/identity'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { AuthContext } from '../context.ts'
import type { SignedIn } from '../domain/caller.ts'
import { callerOfRefreshToken, signOut } from '../domain/sessions/sign-out.ts'
import { callerOf, signedInOf } from '../http/caller-of.ts'
import { clearTokenCookies, hasTokenCookies } from '../http/cookies.ts'
import { readRefreshCookie } from '../http/refresh-cookie.ts'
import { Nothing, TokenInput } from '../http/schemas.ts'

const Body = Type.Union([
  Type.Object({ refreshToken: Type.Optional(TokenInput) }, { additionalProperties: false }),
  Type.Null()
])

export const postLogout = (app: HttpApp, context: AuthContext): void => {
  app.post(
    '/v1/auth/logout',
    {
      schema: {
        tags: ['auth'],
        summary: 'End this session',
        description:
          'By refresh token, in the body or the cookie, or by access token. Ending an ended session is no error.',
        body: Body,
        response: { 204: Nothing, ...problemResponses('unauthenticated', 'csrf_refused', 'forbidden', 'unavailable') }
      }
    },
    async (request, reply) => {
      const caller = await whoLeaves(context, request, request.body?.refreshToken)
      if (caller !== undefined) await signOut(context, caller)
      if (hasTokenCookies(request, context.publicOrigin)) clearTokenCookies(reply, context.publicOrigin)
      return reply.code(204).send()
    }
  )
}

const whoLeaves = async (
  context: AuthContext,
  request: FastifyRequest,
  given: string | undefined
): Promise<SignedIn | undefined> => {
  const token = given ?? readRefreshCookie(context, request)
  if (token !== undefined) return callerOfRefreshToken(context, callerOf(request), token)
  const { authorization, cookie } = request.headers
  if (authorization === undefined && readCookie(cookie, accessCookieName(context.publicOrigin)) === undefined) {
    return undefined
  }
  await requireIdentity(context.identity)(request)
  return signedInOf(request)
}
