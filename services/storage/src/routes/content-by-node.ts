import { DriveParam, type HttpApp, problemResponses, requireScope, Uuid } from '@cairn/http'
import { Type } from 'typebox'
import type { RoutesContext } from './context.ts'
import { Disposition } from './disposition.ts'
import { sendContent } from './send-content.ts'

/** GET, HEAD /v1/drives/:drive/nodes/:node/content */
export const contentByNode = (app: HttpApp, routes: RoutesContext): void => {
  app.route({
    method: ['GET', 'HEAD'],
    url: '/v1/drives/:drive/nodes/:node/content',
    onRequest: requireScope(routes.identity, 'files:read'),
    schema: {
      tags: ['content'],
      summary: 'Download a file, whole or a range, the current or a given version',
      params: Type.Object({ drive: DriveParam, node: Uuid }),
      querystring: Type.Object(
        { version: Type.Optional(Uuid), disposition: Disposition },
        { additionalProperties: false }
      ),
      response: problemResponses('not_found', 'not_a_file', 'precondition_failed', 'range_not_satisfiable')
    },
    handler: async (request, reply) => {
      const content = await routes.metadata().authorizeRead({
        userId: request.identity.userId,
        drive: request.params.drive,
        place: { nodeId: request.params.node },
        versionId: request.query.version ?? ''
      })
      const { disposition = 'attachment' } = request.query
      return sendContent(request, reply, { ...routes, content, disposition })
    }
  })
}
