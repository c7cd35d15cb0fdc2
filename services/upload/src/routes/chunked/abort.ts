import { type HttpApp, problemResponses, requireScope } from '@cairn/http'
import { Type } from 'typebox'
import { cancelUpload } from '../../domain/cancel.ts'
import { type RouteDeps, WRITE_SCOPE } from '../deps.ts'
import { DriveUploadParams } from '../shapes.ts'
import { useChunkedSession } from './session.ts'

export const abortRoute = (app: HttpApp, { context }: RouteDeps): void => {
  app.route({
    method: 'DELETE',
    url: '/v1/drives/:drive/uploads/:id',
    onRequest: requireScope(context.identity, WRITE_SCOPE),
    schema: {
      tags: ['uploads'],
      summary: 'Close an upload',
      description: 'Files committed from it stay; chunks no file uses are forgotten.',
      params: DriveUploadParams,
      response: { 204: Type.Null(), ...problemResponses('unauthenticated', 'forbidden', 'not_found', 'locked') }
    },
    handler: async (request, reply) => {
      const { userId } = request.identity
      const session = await useChunkedSession(context, { userId, ...request.params })
      const lock = await context.locks.acquire({ key: session, urgency: 'urgent', signal: context.stopping })
      try {
        await cancelUpload(context, lock, session)
      } finally {
        await lock.release()
      }
      return reply.code(204).send(null)
    }
  })
}
