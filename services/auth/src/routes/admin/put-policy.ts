import { type HttpApp, problemResponses } from '@cairn/http'
import { Type } from 'typebox'
import type { AuthContext } from '../../context.ts'
import { changeSignupPolicy } from '../../domain/policy.ts'
import { signedInOf } from '../../http/caller-of.ts'
import { requireAdminSession } from '../../http/require-session.ts'
import { Nothing, SignupPolicySchema } from '../../http/schemas.ts'

export const putPolicy = (app: HttpApp, context: AuthContext): void => {
  app.put(
    '/v1/auth/admin/policy',
    {
      onRequest: requireAdminSession(context),
      schema: {
        tags: ['admin'],
        summary: 'Who may register',
        body: Type.Object({ signup: SignupPolicySchema }, { additionalProperties: false }),
        response: { 204: Nothing, ...problemResponses('invalid_request', 'unauthenticated', 'forbidden') }
      }
    },
    async (request, reply) => {
      await changeSignupPolicy(context, signedInOf(request), request.body.signup)
      return reply.code(204).send()
    }
  )
}
