import { type HttpApp, problemResponses, requireScope } from '@cairn/http'
import { Type } from 'typebox'
import { type RouteDeps, WRITE_SCOPE } from '../deps.ts'
import { DriveUploadParams } from '../shapes.ts'
import { useChunkedSession } from './session.ts'
import { parseWireId, WireId } from './wire-id.ts'

const MAX_IDS = 1000

export const haveRoute = (app: HttpApp, { context }: RouteDeps): void => {
  app.route({
    method: 'POST',
    url: '/v1/drives/:drive/uploads/:id/have',
    onRequest: requireScope(context.identity, WRITE_SCOPE),
    schema: {
      tags: ['uploads'],
      summary: 'Which chunks must be sent',
      description: 'Those that are there already are kept for this upload.',
      params: DriveUploadParams,
      body: Type.Object({ wireIds: Type.Array(WireId, { maxItems: MAX_IDS }) }, { additionalProperties: false }),
      response: {
        200: Type.Object({ need: Type.Array(Type.Integer(), { description: 'Positions in wireIds' }) }),
        ...problemResponses('invalid_request', 'unauthenticated', 'forbidden', 'not_found', 'upload_expired')
      }
    },
    handler: async (request) => {
      const { userId } = request.identity
      const session = await useChunkedSession(context, { userId, ...request.params })
      const { need } = await context.storage.have({
        vaultId: session.target.vaultId,
        uploadId: session.uploadId,
        wireIds: request.body.wireIds.map(parseWireId)
      })
      return { need }
    }
  })
}
