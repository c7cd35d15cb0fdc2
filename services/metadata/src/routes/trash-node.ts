import { problemResponses } from '@cairn/http'
import { Type } from 'typebox'
import { ifMatch, withPrecondition } from './etag.ts'
import { actorOf, applyOne, driveOf, IdempotencyHeaders, NodeParams, opIdOf, type Routes } from './route-kit.ts'

/** DELETE …/nodes/:node */
export const trashNodeRoute = ({ app, context, mayWrite }: Routes): void => {
  app.delete(
    '/v1/drives/:drive/nodes/:node',
    {
      onRequest: mayWrite,
      schema: {
        tags: ['nodes'],
        summary: 'Put a file, or a folder with all it holds, into the trash',
        params: NodeParams,
        headers: IdempotencyHeaders,
        response: { 204: Type.Null(), ...problemResponses('not_found', 'forbidden', 'precondition_failed') }
      }
    },
    async (request, reply) => {
      const drive = await driveOf(context, request, request.params.drive)
      const applying = applyOne(context, drive, {
        actor: actorOf(request, drive),
        operation: {
          opId: opIdOf(context, request),
          kind: 'trash',
          nodeId: request.params.node,
          expect: ifMatch(request),
          observedSeq: undefined
        }
      })
      await withPrecondition(request, applying)
      return reply.code(204).send(null)
    }
  )
}
