import { problemResponses } from '@cairn/http'
import { Type } from 'typebox'
import { MAX_PATH_LENGTH } from '../domain/path.ts'
import { reachNode, resolvePath } from '../places.ts'
import { etagOf, notModified } from './etag.ts'
import { DriveParams, driveOf, NodeParams, type Routes } from './route-kit.ts'
import { Node, ownShape } from './shapes.ts'

/** GET …/nodes/:node, …/nodes/:node/path and …/resolve */
export const readNodeRoutes = ({ app, context, mayRead }: Routes): void => {
  app.get(
    '/v1/drives/:drive/nodes/:node',
    {
      onRequest: mayRead,
      schema: {
        tags: ['nodes'],
        summary: 'A file or folder',
        params: NodeParams,
        response: { 200: Node, 304: Type.Null(), ...problemResponses('not_found') }
      }
    },
    async (request, reply) => {
      const drive = await driveOf(context, request, request.params.drive)
      const { node } = await reachNode(context.database.query, drive, request.params.node)
      const etag = etagOf(node)
      reply.header('etag', etag)
      if (notModified(request, etag)) return reply.code(304).send(null)
      return ownShape(drive.driveId, node)
    }
  )

  app.get(
    '/v1/drives/:drive/nodes/:node/path',
    {
      onRequest: mayRead,
      schema: {
        tags: ['nodes'],
        summary: 'A node with its folders, the root first',
        params: NodeParams,
        response: {
          200: Type.Object({
            path: Type.String({ description: 'From the root, e.g. /a/b.txt' }),
            items: Type.Array(Node)
          }),
          ...problemResponses('not_found')
        }
      }
    },
    async (request) => {
      const drive = await driveOf(context, request, request.params.drive)
      const { node, ancestors } = await reachNode(context.database.query, drive, request.params.node)
      const chain = [node, ...ancestors].reverse()
      return {
        path: `/${chain
          .slice(1)
          .map(({ name }) => name)
          .join('/')}`,
        items: chain.map((one) => ownShape(drive.driveId, one))
      }
    }
  )

  app.get(
    '/v1/drives/:drive/resolve',
    {
      onRequest: mayRead,
      schema: {
        tags: ['nodes'],
        summary: 'The node at a path',
        params: DriveParams,
        querystring: Type.Object(
          { path: Type.String({ maxLength: MAX_PATH_LENGTH, description: 'From the root, e.g. /a/b.txt' }) },
          { additionalProperties: false }
        ),
        response: { 200: Node, ...problemResponses('not_found', 'invalid_name') }
      }
    },
    async (request, reply) => {
      const drive = await driveOf(context, request, request.params.drive)
      const node = await resolvePath(context.database.query, drive, request.query.path)
      reply.header('etag', etagOf(node))
      return ownShape(drive.driveId, node)
    }
  )
}
