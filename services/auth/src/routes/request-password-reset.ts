import { type HttpApp, problemResponses } from '@cairn/http'
import { Type } from 'typebox'
import type { AuthContext } from '../context.ts'
import { requestReset } from '../domain/passwords/request-reset.ts'
import { callerOf } from '../http/caller-of.ts'
import { Nothing, UsernameInput } from '../http/schemas.ts'

const closed = { additionalProperties: false } as const

const RequestBody = Type.Object({ username: UsernameInput }, closed)

export const postResetRequest = (app: HttpApp, context: AuthContext): void => {
  app.post(
    '/v1/auth/password-reset/request',
    {
      schema: {
        tags: ['auth'],
        summary: 'Ask for a link to choose a new password',
        description: 'The answer is the same whether there is such an account or not.',
        body: RequestBody,
        response: { 202: Nothing, ...problemResponses('invalid_request', 'rate_limited', 'unavailable') }
      }
    },
    async (request, reply) => {
      await requestReset(context, callerOf(request), request.body.username)
      return reply.code(202).send()
    }
  )
}
