import { type HttpApp, problemResponses, requireScope, Uuid } from '@cairn/http'
import { type Static, Type } from 'typebox'
import { openChunkedUpload } from '../../domain/open-chunked.ts'
import { type RouteDeps, WRITE_SCOPE } from '../deps.ts'
import { DriveParams } from '../shapes.ts'

const ChunkedUpload = Type.Object(
  {
    uploadId: Uuid,
    profile: Type.Integer({ description: 'Chunking profile' }),
    chunkingKey: Type.String({ description: 'Key of the cut points, base64url' }),
    leaseUntil: Type.String({ format: 'date-time' })
  },
  { title: 'ChunkedUpload' }
)

export const openRoute = (app: HttpApp, { context }: RouteDeps): void => {
  app.route({
    method: 'POST',
    url: '/v1/drives/:drive/uploads',
    onRequest: requireScope(context.identity, WRITE_SCOPE),
    schema: {
      tags: ['uploads'],
      summary: 'Open an upload for a client that chunks by itself',
      description: 'Idempotent by user, drive and client key.',
      params: DriveParams,
      body: Type.Object(
        { clientKey: Type.String({ minLength: 1, maxLength: 128, pattern: '^[!-~]+$' }) },
        { additionalProperties: false }
      ),
      response: {
        200: ChunkedUpload,
        ...problemResponses('invalid_request', 'unauthenticated', 'forbidden', 'not_found', 'rate_limited')
      }
    },
    handler: async (request): Promise<Static<typeof ChunkedUpload>> => {
      const { userId, credentialId } = request.identity
      const opened = await openChunkedUpload(context, {
        userId,
        deviceId: credentialId,
        drive: request.params.drive,
        ...request.body
      })
      return {
        uploadId: opened.session.uploadId,
        profile: opened.profile,
        chunkingKey: Buffer.from(opened.chunkingKey).toString('base64url'),
        leaseUntil: opened.session.leaseUntil.toISOString()
      }
    }
  })
}
