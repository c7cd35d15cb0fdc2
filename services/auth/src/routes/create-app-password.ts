import { type HttpApp, problemResponses } from '@cairn/http'
import { Type } from 'typebox'
import type { AuthContext } from '../context.ts'
import { createAppPassword } from '../domain/app-passwords/create-app-password.ts'
import { DEFAULT_SCOPES } from '../domain/app-passwords/scopes.ts'
import { signedInOf } from '../http/caller-of.ts'
import { parseTime } from '../http/parse-time.ts'
import { appPasswordReply } from '../http/replies.ts'
import { requireSession } from '../http/require-session.ts'
import { CreatedAppPasswordSchema, LabelInput, Scope, TimeInput } from '../http/schemas.ts'

const Body = Type.Object(
  {
    name: LabelInput,
    scopes: Type.Optional(Type.Array(Scope, { minItems: 1, maxItems: 10 })),
    expiresAt: Type.Optional(TimeInput)
  },
  { additionalProperties: false }
)

export const postAppPassword = (app: HttpApp, context: AuthContext): void => {
  app.post(
    '/v1/auth/app-passwords',
    {
      onRequest: requireSession(context),
      schema: {
        tags: ['auth'],
        summary: 'Make an app password; its secret is shown this once',
        body: Body,
        response: {
          201: CreatedAppPasswordSchema,
          ...problemResponses('invalid_request', 'unauthenticated', 'forbidden', 'unavailable')
        }
      }
    },
    async (request, reply) => {
      const { name, scopes = DEFAULT_SCOPES } = request.body
      const expiresAt = parseTime(request.body.expiresAt)
      const { row, secret } = await createAppPassword(context, signedInOf(request), { name, scopes, expiresAt })
      reply.code(201)
      return { ...appPasswordReply(row), secret }
    }
  )
}
