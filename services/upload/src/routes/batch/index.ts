import { FRAMES_MEDIA_TYPE, PROFILE_1 } from '@cairn/chunking'
import { type HttpApp, problemResponses, requireScope } from '@cairn/http'
import { MAX_PLAIN_BYTES, receiveFrames } from '../chunked/frames.ts'
import { type RouteDeps, WRITE_SCOPE } from '../deps.ts'
import { DriveParams, MAX_OPERATIONS, OperationResults, toOperationResult } from '../shapes.ts'
import { parseOperations } from './operations.ts'
import { runBatch } from './run-batch.ts'

export const batchRoute = (app: HttpApp, deps: RouteDeps): void => {
  const { context } = deps
  app.route({
    method: 'POST',
    url: '/v1/drives/:drive/batch',
    onRequest: requireScope(context.identity, WRITE_SCOPE),
    schema: {
      tags: ['uploads'],
      summary: 'Many small changes in one request',
      description:
        'A frame stream with an operations section: mkdir, put (files of one chunk, at most 256 KiB), move, trash. ' +
        'At most 16 MiB and 500 operations. Each has its own result; op ids make a repeat harmless. See docs/upload.md.',
      consumes: [FRAMES_MEDIA_TYPE],
      params: DriveParams,
      response: {
        200: OperationResults,
        ...problemResponses(
          'invalid_request',
          'unauthenticated',
          'forbidden',
          'not_found',
          'chunk_corrupt',
          'payload_too_large',
          'unsupported_media_type',
          'disk_full'
        )
      }
    },
    handler: (request, reply) => {
      // Small files are one chunk: up to the smallest cut.
      const limits = { maxFrame: PROFILE_1.minSize, maxTotal: MAX_PLAIN_BYTES, maxFrames: MAX_OPERATIONS }
      return receiveFrames(deps, { exchange: { request, reply }, limits }, async ({ frames, operations }) => {
        const { driveId, results } = await runBatch(context, {
          identity: request.identity,
          drive: request.params.drive,
          frames,
          operations: parseOperations(operations)
        })
        return { results: results.map((result) => toOperationResult(result, driveId)) }
      })
    }
  })
}
