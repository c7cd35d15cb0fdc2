import { type HttpApp, problemResponses } from '@cairn/http'
import { Type } from 'typebox'
import type { AuthContext } from '../../context.ts'
import { inviteReply } from '../../http/replies.ts'
import { requireAdminSession } from '../../http/require-session.ts'
import { InviteSchema, NextCursor } from '../../http/schemas.ts'
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
