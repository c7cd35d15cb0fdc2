import { type HttpApp, problemResponses } from '@cairn/http'
import { Type } from 'typebox'
import type { AuthContext } from '../../context.ts'
import { createInvite, withdrawInvite } from '../../domain/admin/invites.ts'
import { signedInOf } from '../../http/caller-of.ts'
import { parseTime } from '../../http/parse-time.ts'
import { inviteReply } from '../../http/replies.ts'
import { requireAdminSession } from '../../http/require-session.ts'
import { IdParams, InviteSchema, LabelInput, NextCursor, Nothing, TimeInput } from '../../http/schemas.ts'
import { listInvites } from '../../store/invites.ts'

const MOST = 1000

export const getInvites = (app: HttpApp, context: AuthContext): void => {
  app.get(
    '/v1/auth/admin/invites',
    {
      onRequest: requireAdminSession(context),
      schema: {
        tags: ['admin'],
        summary: 'Invitations, newest first',
        response: {
          200: Type.Object({ items: Type.Array(InviteSchema), nextCursor: NextCursor }),
          ...problemResponses('unauthenticated', 'forbidden')
        }
      }
    },
    async () => ({ items: (await listInvites(context.database.query, MOST)).map(inviteReply), nextCursor: null })
  )
}

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

export const deleteInvite = (app: HttpApp, context: AuthContext): void => {
  app.delete(
    '/v1/auth/admin/invites/:id',
    {
      onRequest: requireAdminSession(context),
      schema: {
        tags: ['admin'],
        summary: 'Withdraw an invitation that was not used',
        params: IdParams,
        response: { 204: Nothing, ...problemResponses('unauthenticated', 'forbidden', 'not_found') }
      }
    },
    async (request, reply) => {
      await withdrawInvite(context, signedInOf(request), request.params.id)
      return reply.code(204).send()
    }
  )
}
