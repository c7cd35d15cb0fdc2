import { DriveParam, type HttpApp, problemResponses, requireScope } from '@cairn/http'
import { Type } from 'typebox'
import type { RoutesContext } from './context.ts'
import { Disposition } from './disposition.ts'
import { sendContent } from './send-content.ts'

/** GET, HEAD /v1/drives/:drive/files/<path>: for people and scripts; programs keep node ids. */
export const contentByPath = (app: HttpApp, routes: RoutesContext): void => {
  app.route({
    method: ['GET', 'HEAD'],
    url: '/v1/drives/:drive/files/*',
    onRequest: requireScope(routes.identity, 'files:read'),
    schema: {
      tags: ['content'],
      summary: 'Download a file by its path in the drive',
      params: Type.Object({ drive: DriveParam, '*': Type.String({ minLength: 1 }) }),
      querystring: Type.Object({ disposition: Disposition }, { additionalProperties: false }),
      response: problemResponses('not_found', 'not_a_file', 'precondition_failed', 'range_not_satisfiable')
    },
    handler: async (request, reply) => {
      const content = await routes.metadata().authorizeRead({
        userId: request.identity.userId,
        drive: request.params.drive,
        place: { path: request.params['*'] }
      })
      const { disposition = 'attachment' } = request.query
      return sendContent(request, reply, { ...routes, content, disposition })
    }
  })
}
