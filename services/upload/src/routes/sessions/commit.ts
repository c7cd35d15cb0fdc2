import { type HttpApp, problemResponses, requireScope, Uuid } from '@cairn/http'
import { Type } from 'typebox'
import { settleUpload } from '../../domain/settle.ts'
import { badRequest, uploadExpired } from '../../errors.ts'
import { type RouteDeps, WRITE_SCOPE } from '../deps.ts'
import { UploadParams } from '../shapes.ts'
import { parseUploadId } from '../upload-id.ts'

export const commitSessionRoute = (app: HttpApp, { context }: RouteDeps): void => {
  app.route({
    method: 'POST',
    url: '/v1/uploads/:id/commit',
    onRequest: requireScope(context.identity, WRITE_SCOPE),
    schema: {
      tags: ['uploads'],
      summary: 'Finish a complete upload whose commit was refused before',
      description: 'For instance after space was made. Repeatable.',
      params: UploadParams,
      response: {
        200: Type.Object({ nodeId: Uuid, versionId: Uuid }),
        ...problemResponses(
          'unauthenticated',
          'forbidden',
          'not_found',
          'upload_incomplete',
          'upload_expired',
          'locked',
          'quota_exceeded'
        )
      }
    },
    handler: async (request) => {
      const key = { userId: request.identity.userId, uploadId: parseUploadId(request.params.id) }
      const lock = await context.locks.acquire({ key, urgency: 'urgent', signal: context.stopping })
      try {
        const { session } = lock
        if (session.expired) throw uploadExpired()
        if (session.kind === 'partial' || session.kind === 'chunked') {
          throw badRequest('This kind of upload does not become a file by itself.')
        }
        return await settleUpload(context, lock, session)
      } finally {
        await lock.release()
      }
    }
  })
}
