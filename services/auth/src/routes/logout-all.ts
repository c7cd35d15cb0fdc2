import { type HttpApp, problemResponses } from '@cairn/http'
import type { AuthContext } from '../context.ts'
import { signOutEverywhere } from '../domain/sessions/sign-out.ts'
import { signedInOf } from '../http/caller-of.ts'
import { clearTokenCookies, hasTokenCookies } from '../http/cookies.ts'
import { requireSession } from '../http/require-session.ts'
import { Nothing } from '../http/schemas.ts'

export const postLogoutAll = (app: HttpApp, context: AuthContext): void => {
  app.post(
    '/v1/auth/logout-all',
    {
      onRequest: requireSession(context),
      schema: {
        tags: ['auth'],
        summary: 'End all sessions of the caller, this one too',
        response: { 204: Nothing, ...problemResponses('unauthenticated', 'csrf_refused', 'forbidden', 'unavailable') }
      }
    },
    async (request, reply) => {
      await signOutEverywhere(context, signedInOf(request))
      if (hasTokenCookies(request, context.publicOrigin)) clearTokenCookies(reply, context.publicOrigin)
      return reply.code(204).send()
    }
  )
}
