import { type HttpApp, problemResponses, Uuid } from '@cairn/http'
import { Type } from 'typebox'
import type { AuthContext } from '../../context.ts'
import { SYSTEM_STREAM } from '../../domain/audit/audit-event.ts'
import { verifyAuditStream } from '../../domain/audit/verify-stream.ts'
import { requireAdminSession } from '../../http/require-session.ts'

const closed = { additionalProperties: false } as const

const User = Type.Optional(Uuid)

export const getAuditVerdict = (app: HttpApp, context: AuthContext): void => {
  app.get(
    '/v1/auth/admin/audit/verify',
    {
      onRequest: requireAdminSession(context),
      schema: {
        tags: ['admin'],
        summary: 'Whether a chain of audit events is unbroken; of one user or of the system',
        querystring: Type.Object({ user: User }, closed),
        response: {
          200: Type.Object({
            ok: Type.Boolean(),
            events: Type.Integer({ description: 'Events that follow from each other' }),
            badSequence: Type.Optional(Type.Integer({ description: 'The first one that does not' })),
            hash: Type.Optional(Type.String({ description: 'Of the last event; keep it elsewhere' }))
          }),
          ...problemResponses('unauthenticated', 'forbidden')
        }
      }
    },
    async (request) => {
      const verdict = await verifyAuditStream(context, request.query.user ?? SYSTEM_STREAM)
      if (verdict.ok) return verdict
      return { ok: false, events: verdict.events, badSequence: verdict.badSeq }
    }
  )
}
