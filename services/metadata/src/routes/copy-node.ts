import { problemResponses, Uuid } from '@cairn/http'
import { Type } from 'typebox'
import { etagOf } from './etag.ts'
import { actorOf, applyOne, driveOf, IdempotencyHeaders, NodeParams, opIdOf, type Routes } from './route-kit.ts'
import { Node, nodeShape, OneOf } from './shapes.ts'

/** POST …/nodes/:node/copy */
export const copyNodeRoute = ({ app, context, mayWrite }: Routes): void => {
  app.post(
    '/v1/drives/:drive/nodes/:node/copy',
    {
      onRequest: mayWrite,
      schema: {
        tags: ['nodes'],
        summary: 'Copy a file or a folder with all it holds; no bytes are moved',
        description: 'Repeating a copy that was interrupted, with the same Idempotency-Key, goes on where it stopped.',
        params: NodeParams,
        headers: IdempotencyHeaders,
        body: Type.Object(
          {
            parentId: Uuid,
            name: Type.Optional(Type.String({ maxLength: 1024, description: 'Default: the name of the original' })),
            onConflict: Type.Optional(OneOf('fail', 'rename'))
          },
          { additionalProperties: false }
        ),
        response: {
          201: Node,
          ...problemResponses(
            'not_found',
            'name_taken',
            'too_deep',
            'parent_gone',
            'payload_too_large',
            'quota_exceeded'
          )
        }
      }
    },
    async (request, reply) => {
      const { parentId, name, onConflict = 'fail' } = request.body
      const drive = await driveOf(context, request, request.params.drive)
      const view = await applyOne(context, drive, {
        actor: actorOf(request, drive),
        operation: {
          opId: opIdOf(context, request),
          kind: 'copy',
          nodeId: request.params.node,
          parent: parentId,
          name,
          onConflict
        }
      })
      return reply.code(201).header('etag', etagOf(view.node)).send(nodeShape(drive.driveId, view))
    }
  )
}
