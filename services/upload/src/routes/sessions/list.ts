import { type HttpApp, problemResponses, requireScope } from '@cairn/http'
import { Type } from 'typebox'
import { listSessions } from '../../store/sessions.ts'
import { READ_SCOPE, type RouteDeps } from '../deps.ts'
import { toUploadStatus, UploadStatus } from '../session-shape.ts'

export const listRoute = (app: HttpApp, { context }: RouteDeps): void => {
  app.route({
    method: 'GET',
    url: '/v1/uploads',
    exposeHeadRoute: false,
    onRequest: requireScope(context.identity, READ_SCOPE),
    schema: {
      tags: ['uploads'],
      summary: "The caller's uploads, from whichever device",
      querystring: Type.Object(
        {
          state: Type.Optional(Type.Union([Type.Literal('active'), Type.Literal('all')], { default: 'active' })),
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 200 }))
        },
        { additionalProperties: false }
      ),
      response: {
        200: Type.Object({ items: Type.Array(UploadStatus, { description: 'Newest first' }) }),
        ...problemResponses('unauthenticated', 'forbidden')
      }
    },
    handler: async (request) => {
      const { state, limit } = request.query
      const sessions = await listSessions(context.database.query, {
        userId: request.identity.userId,
        activeOnly: state !== 'all',
        limit: limit ?? 200
      })
      return { items: sessions.map(toUploadStatus) }
    }
  })
}
