import { type HttpApp, problemResponses } from '@cairn/http'
import { Type } from 'typebox'
import type { AuthContext } from '../../context.ts'
import { createInvite } from '../../domain/admin/invites.ts'
import { signedInOf } from '../../http/caller-of.ts'
import { parseTime } from '../../http/parse-time.ts'
import { inviteReply } from '../../http/replies.ts'
import { requireAdminSession } from '../../http/require-session.ts'
import { InviteSchema, LabelInput, TimeInput } from '../../http/schemas.ts'

const Body = Type.Object(
  { note: Type.Optional(LabelInput), expiresAt: Type.Optional(TimeInput) },
  { additionalProperties: false }
)

export const postInvite = (app: HttpApp, context: AuthContext): void => {
  app.post(
    '/v1/auth/admin/invites',
    {
      onRequest: requireAdminSession(context),
      schema: {
        tags: ['admin'],
        summary: 'Make an invitation, good once; its token is shown this once',
        body: Body,
        response: {
          201: Type.Object({ invite: InviteSchema, token: Type.String(), url: Type.String() }),
          ...problemResponses('invalid_request', 'unauthenticated', 'forbidden')
        }
      }
    },
    async (request, reply) => {
      const { note = '', expiresAt } = request.body
      const created = await createInvite(context, signedInOf(request), { note, expiresAt: parseTime(expiresAt) })
      reply.code(201)
      return { invite: inviteReply(created.row), token: created.token, url: created.url }
    }
  )
}
