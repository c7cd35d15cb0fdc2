import { DriveParam, type HttpApp, problemResponses, requireScope, Uuid } from '@cairn/http'
import { Type } from 'typebox'
import { type RouteDeps, WRITE_SCOPE } from '../deps.ts'
import { CommittedNode } from '../shapes.ts'
import { putFile } from './put-file.ts'
import { pathFromUrl } from './url-path.ts'

const MtimeQuery = Type.Optional(
  Type.String({ maxLength: 40, description: 'Modification time, ISO 8601 or ms since the epoch' })
)
const response = {
  200: CommittedNode,
  201: CommittedNode,
  ...problemResponses(
    'invalid_request',
    'unauthenticated',
    'forbidden',
    'not_found',
    'name_taken',
    'parent_gone',
    'precondition_failed',
    'payload_too_large',
    'quota_exceeded',
    'unavailable'
  )
}

/** Plain PUT: `curl -T file URL`. Any content type; chunked transfer or a declared length. */
export const putRoutes = (app: HttpApp, deps: RouteDeps): void => {
  const onRequest = requireScope(deps.context.identity, WRITE_SCOPE)
  app.route({
    method: 'PUT',
    url: '/v1/drives/:drive/files/*',
    onRequest,
    schema: {
      tags: ['uploads'],
      summary: 'Store a file by path',
      description: 'Creates the file or a new version. If-None-Match: * and If-Match: "<version id>" are honoured.',
      params: Type.Object({ drive: DriveParam, '*': Type.String() }),
      querystring: Type.Object(
        {
          parents: Type.Optional(Type.Boolean({ default: false, description: 'Create missing folders' })),
          mtime: MtimeQuery
        },
        { additionalProperties: false }
      ),
      response
    },
    handler: (request, reply) => {
      const { parents, mtime } = request.query
      const path = pathFromUrl(request.raw.url ?? '')
      const destination = { drive: request.params.drive, path, makeParents: parents ?? false }
      return putFile(deps, { request, reply, destination, mtime })
    }
  })
  app.route({
    method: 'PUT',
    url: '/v1/drives/:drive/nodes/:node/content',
    onRequest,
    schema: {
      tags: ['uploads'],
      summary: 'Store a new version of a file',
      params: Type.Object({ drive: DriveParam, node: Uuid }),
      querystring: Type.Object({ mtime: MtimeQuery }, { additionalProperties: false }),
      response
    },
    handler: (request, reply) => {
      const { drive, node: nodeId } = request.params
      return putFile(deps, { request, reply, destination: { drive, nodeId }, mtime: request.query.mtime })
    }
  })
}
