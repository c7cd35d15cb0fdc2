import { type HttpApp, problemResponses } from '@cairn/http'
import { Type } from 'typebox'
import type { AuthContext } from '../context.ts'
import { signedInOf } from '../http/caller-of.ts'
import { appPasswordReply } from '../http/replies.ts'
import { requireSession } from '../http/require-session.ts'
import { AppPasswordSchema, NextCursor } from '../http/schemas.ts'
import { listAppPasswords } from '../store/app-passwords.ts'

export const getAppPasswords = (app: HttpApp, context: AuthContext): void => {
  app.get(
    '/v1/auth/app-passwords',
    {
      onRequest: requireSession(context),
      schema: {
        tags: ['auth'],
        summary: 'App passwords of the caller, newest first',
        response: {
          200: Type.Object({ items: Type.Array(AppPasswordSchema), nextCursor: NextCursor }),
          ...problemResponses('unauthenticated', 'forbidden', 'unavailable')
        }
      }
    },
    async (request) => {
      const rows = await listAppPasswords(context.database.query, signedInOf(request).userId)
      return { items: rows.map(appPasswordReply), nextCursor: null }
    }
  )
}
