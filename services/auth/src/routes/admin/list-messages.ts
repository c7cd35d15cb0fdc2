import { type HttpApp, problemResponses, Uuid } from '@cairn/http'
import { Type } from 'typebox'
import type { AuthContext } from '../../context.ts'
import { readMessages } from '../../domain/admin/read-messages.ts'
import { signedInOf } from '../../http/caller-of.ts'
import { requireAdminSession } from '../../http/require-session.ts'
import { NextCursor, Time } from '../../http/schemas.ts'

const Message = Type.Object({
  id: Uuid,
  userId: Uuid,
  kind: Type.String(),
  to: Type.Union([Type.String(), Type.Null()]),
  url: Type.String(),
  createdAt: Time,
  expiresAt: Time
})

export const getMessages = (app: HttpApp, context: AuthContext): void => {
  app.get(
    '/v1/auth/admin/messages',
    {
      onRequest: requireAdminSession(context),
      schema: {
        tags: ['admin'],
        summary: 'Mail that could not be sent, to be passed on by hand',
        response: {
          200: Type.Object({ items: Type.Array(Message), nextCursor: NextCursor }),
          ...problemResponses('unauthenticated', 'forbidden')
        }
      }
    },
    async (request) => {
      const messages = await readMessages(context, signedInOf(request))
      return {
        items: messages.map(({ row, url }) => ({
          id: row.message_id,
          userId: row.user_id,
          kind: row.kind,
          to: row.recipient,
          url,
          createdAt: row.created_at.toISOString(),
          expiresAt: row.expires_at.toISOString()
        })),
        nextCursor: null
      }
    }
  )
}
