import { type HttpApp, problemResponses, requireScope } from '@cairn/http'
import { uploadNotFound } from '../../errors.ts'
import { findSession } from '../../store/sessions.ts'
import { READ_SCOPE, type RouteDeps } from '../deps.ts'
import { toUploadStatus, UploadStatus } from '../session-shape.ts'
import { UploadParams } from '../shapes.ts'
import { parseUploadId } from '../upload-id.ts'

export const statusRoute = (app: HttpApp, { context }: RouteDeps): void => {
  app.route({
    method: 'GET',
    url: '/v1/uploads/:id/status',
    exposeHeadRoute: false,
    onRequest: requireScope(context.identity, READ_SCOPE),
    schema: {
      tags: ['uploads'],
      summary: 'How far an upload is',
      description: 'Unlike HEAD it disturbs nobody who is sending.',
      params: UploadParams,
      response: { 200: UploadStatus, ...problemResponses('unauthenticated', 'forbidden', 'not_found') }
    },
    handler: async (request) => {
      const key = { userId: request.identity.userId, uploadId: parseUploadId(request.params.id) }
      const session = await findSession(context.database.query, key)
      if (session === undefined || session.expired) throw uploadNotFound()
      return toUploadStatus(session)
    }
  })
}
