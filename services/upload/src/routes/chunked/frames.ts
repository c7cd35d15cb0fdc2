import { FRAMES_MEDIA_TYPE, PROFILE_1 } from '@cairn/chunking'
import { CairnError } from '@cairn/contracts'
import { type HttpApp, problemResponses, requireScope } from '@cairn/http'
import { createCallSignal } from '@cairn/runtime'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { tooLarge } from '../../errors.ts'
import { declaredLength, readBody } from '../../http/body.ts'
import { type DecodedFrames, decodeFrames, type FrameLimits } from '../../http/frames.ts'
import { touchSession } from '../../store/sessions.ts'
import { type Exchange, type RouteDeps, WRITE_SCOPE } from '../deps.ts'
import { DriveUploadParams } from '../shapes.ts'
import { useChunkedSession } from './session.ts'

const MIB = 1024 * 1024
export const MAX_PLAIN_BYTES = 16 * MIB
/** Heads of the frames and the operations section. */
const OVERHEAD_BYTES = MIB + 256 * 1024
/** A body in memory may not be held back for ever by a slow sender: 16 MiB at 56 KiB/s. */
const BODY_TIMEOUT_MS = 300_000

export const framesRoute = (app: HttpApp, deps: RouteDeps): void => {
  const { context } = deps
  app.route({
    method: 'PUT',
    url: '/v1/drives/:drive/uploads/:id/frames',
    onRequest: requireScope(context.identity, WRITE_SCOPE),
    schema: {
      tags: ['uploads'],
      summary: 'Send chunks',
      description: 'A frame stream of at most 16 MiB. Repeatable.',
      consumes: [FRAMES_MEDIA_TYPE],
      params: DriveUploadParams,
      response: {
        204: Type.Null(),
        ...problemResponses(
          'invalid_request',
          'unauthenticated',
          'not_found',
          'chunk_corrupt',
          'upload_expired',
          'payload_too_large',
          'unsupported_media_type',
          'disk_full'
        )
      }
    },
    handler: async (request, reply) => {
      const { userId } = request.identity
      const session = await useChunkedSession(context, { userId, ...request.params })
      const { vaultId } = session.target
      const { uploadId } = session
      const limits = { maxFrame: PROFILE_1.maxSize, maxTotal: MAX_PLAIN_BYTES }
      await receiveFrames(deps, { exchange: { request, reply }, limits }, async ({ frames, operations }) => {
        if (operations !== undefined) throw new CairnError('invalid_request', 'Operations belong to a batch.')
        if (frames.length === 0) return
        await context.storageData.putFrames({ vaultId, uploadId }, frames, context.stopping)
        const bytes = frames.reduce((sum, frame) => sum + frame.bytes.length, 0)
        context.events.received('chunked', bytes)
        await touchSession(context.database.query, session, { leaseSeconds: context.config.leaseSeconds, bytes })
      })
      return reply.code(204).send(null)
    }
  })
}

/** Media types of a body that is one frame stream. */
const MEDIA_TYPES: ReadonlySet<string | undefined> = new Set([FRAMES_MEDIA_TYPE, 'application/vnd.cairn.batch'])

/** Holds one of the places for large bodies while the frames are in memory. */
export const receiveFrames = async <T>(
  { context }: RouteDeps,
  { exchange, limits }: { exchange: Exchange; limits: FrameLimits },
  use: (decoded: DecodedFrames) => Promise<T>
): Promise<T> => {
  requireFrames(exchange.request)
  const limit = limits.maxTotal + OVERHEAD_BYTES
  if ((declaredLength(exchange.request.raw) ?? 0) > limit) throw tooLarge(limit)
  const leave = await context.bodies.enter(context.stopping)
  try {
    using call = createCallSignal({ parents: [context.stopping], timeoutMs: BODY_TIMEOUT_MS })
    const body = readBody(exchange.request.raw, { limit, signal: call.signal })
    return await use(await decodeFrames(body, limits, context.hasher))
  } finally {
    leave()
  }
}

const requireFrames = ({ headers }: FastifyRequest): void => {
  if (MEDIA_TYPES.has(headers['content-type'])) return
  throw new CairnError('unsupported_media_type', `The content type must be ${FRAMES_MEDIA_TYPE}.`)
}
