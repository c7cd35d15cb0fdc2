import { type HttpApp, problemResponses } from '@cairn/http'
import { Type } from 'typebox'
import type { AuthContext } from '../../context.ts'
import { rotateSigningKey } from '../../domain/admin/rotate-signing-key.ts'
import { signedInOf } from '../../http/caller-of.ts'
import { requireAdminSession } from '../../http/require-session.ts'

const Body = Type.Object(
  { immediately: Type.Optional(Type.Boolean({ description: 'Drop the old keys: all access tokens end' })) },
  { additionalProperties: false }
)

export const postSigningKey = (app: HttpApp, context: AuthContext): void => {
  app.post(
    '/v1/auth/admin/signing-keys',
    {
      onRequest: requireAdminSession(context),
      schema: {
        tags: ['admin'],
        summary: 'Make a new signing key',
        body: Body,
        response: {
          201: Type.Object({ kid: Type.String() }),
          ...problemResponses('unauthenticated', 'forbidden', 'conflict')
        }
      }
    },
    async (request, reply) => {
      const kid = await rotateSigningKey(context, signedInOf(request), request.body.immediately ?? false)
      reply.code(201)
      return { kid }
    }
  )
}
