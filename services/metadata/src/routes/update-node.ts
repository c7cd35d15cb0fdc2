import { problemResponses, Uuid } from '@cairn/http'
import { Type } from 'typebox'
import { etagOf, ifMatch, withPrecondition } from './etag.ts'
import { actorOf, applyOne, driveOf, IdempotencyHeaders, NodeParams, opIdOf, type Routes } from './route-kit.ts'
import { Node, nodeShape, OneOf } from './shapes.ts'

/** PATCH …/nodes/:node */
export const updateNodeRoute = ({ app, context, mayWrite }: Routes): void => {
  app.patch(
    '/v1/drives/:drive/nodes/:node',
    {
      onRequest: mayWrite,
      schema: {
        tags: ['nodes'],
        summary: 'Rename, move, or both',
        params: NodeParams,
        headers: IdempotencyHeaders,
        body: Type.Object(
          {
            name: Type.Optional(Type.String({ maxLength: 1024 })),
            parentId: Type.Optional(Uuid),
            onConflict: Type.Optional(OneOf('fail', 'rename')),
            baseRev: Type.Optional(Type.Integer({ minimum: 0, description: 'Expected metaRev, else `stale`' }))
          },
          { additionalProperties: false }
        ),
        response: {
          200: Node,
          ...problemResponses(
            'not_found',
            'gone',
            'invalid_name',
            'name_taken',
            'would_cycle',
            'too_deep',
            'stale',
            'parent_gone',
            'not_a_folder',
            'precondition_failed'
          )
        }
      }
    },
    async (request, reply) => {
      const { name, parentId, onConflict = 'fail', baseRev } = request.body
      const drive = await driveOf(context, request, request.params.drive)
      const expect = { ...ifMatch(request), ...(baseRev === undefined ? {} : { metaRev: baseRev }) }
      const applying = applyOne(context, drive, {
        actor: actorOf(request, drive),
        operation: {
          opId: opIdOf(context, request),
          kind: 'move',
          nodeId: request.params.node,
          parent: parentId,
          name,
          onConflict,
          expect
        }
      })
      const view = await withPrecondition(request, applying)
      reply.header('etag', etagOf(view.node))
      return nodeShape(drive.driveId, view)
    }
  )
}
