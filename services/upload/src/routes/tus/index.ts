import { type HttpApp, problemResponses, requireScope } from '@cairn/http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { badRequest } from '../../errors.ts'
import { TUS_PATH } from '../../tus/constants.ts'
import { type Exchange, type RouteDeps, WRITE_SCOPE } from '../deps.ts'
import { UploadParams } from '../shapes.ts'
import { parseUploadId } from '../upload-id.ts'
import { appendToUpload } from './append.ts'
import { createUpload } from './create.ts'
import { refuseMethodOverride, requireTusVersion } from './headers.ts'
import { tellOffset } from './offset.ts'
import { tellOptions } from './options.ts'
import { terminateUpload } from './terminate.ts'

type Operation = (deps: RouteDeps, exchange: Exchange, uploadId: string) => Promise<void>

/** What POST with `X-HTTP-Method-Override` may become. */
const OVERRIDES: ReadonlyMap<unknown, Operation> = new Map([
  ['PATCH', appendToUpload],
  ['HEAD', tellOffset],
  ['DELETE', terminateUpload]
])

const problems = problemResponses(
  'invalid_request',
  'unauthenticated',
  'forbidden',
  'not_found',
  'offset_mismatch',
  'upload_expired',
  'precondition_failed',
  'payload_too_large',
  'unsupported_media_type',
  'locked',
  'checksum_mismatch',
  'quota_exceeded',
  'unavailable'
)
const tags = ['uploads']
const Empty = Type.Null()

/** tus 1.0. Each request is validated here before the library sees a rebuilt one. */
export const tusRoutes = (app: HttpApp, deps: RouteDeps): void => {
  const onRequest = requireScope(deps.context.identity, WRITE_SCOPE)
  const byId =
    (operation: Operation) => async (request: FastifyRequest<{ Params: { id: string } }>, reply: FastifyReply) => {
      requireTusVersion(request, reply)
      refuseMethodOverride(request)
      await operation(deps, { request, reply }, parseUploadId(request.params.id))
      return reply.send(null)
    }

  app.route({
    method: 'OPTIONS',
    url: TUS_PATH,
    schema: { tags, summary: 'tus capabilities', response: { 204: Empty } },
    handler: async (request, reply) => {
      await tellOptions(deps, { request, reply })
      return reply.send(null)
    }
  })
  app.route({
    method: 'POST',
    url: TUS_PATH,
    onRequest,
    schema: {
      tags,
      summary: 'Create a tus upload',
      description: 'Upload-Length or Upload-Defer-Length, Upload-Metadata; see docs/upload.md',
      response: { 201: Empty, ...problems }
    },
    handler: async (request, reply) => {
      await createUpload(deps, { request, reply })
      return reply.send(null)
    }
  })
  app.route({
    // As a list, or the API description takes it for the HEAD that comes with a GET and leaves it out.
    method: ['HEAD'],
    url: `${TUS_PATH}/:id`,
    onRequest,
    schema: { tags, summary: 'Offset of a tus upload', params: UploadParams, response: { 200: Empty, ...problems } },
    handler: byId(tellOffset)
  })
  app.route({
    method: 'PATCH',
    url: `${TUS_PATH}/:id`,
    onRequest,
    schema: {
      tags,
      summary: 'Append to a tus upload',
      params: UploadParams,
      consumes: ['application/offset+octet-stream'],
      response: { 204: Empty, ...problems }
    },
    handler: byId(appendToUpload)
  })
  app.route({
    method: 'DELETE',
    url: `${TUS_PATH}/:id`,
    onRequest,
    schema: { tags, summary: 'Cancel an upload', params: UploadParams, response: { 204: Empty, ...problems } },
    handler: byId(terminateUpload)
  })
  app.route({
    method: 'POST',
    url: `${TUS_PATH}/:id`,
    onRequest,
    schema: {
      tags,
      summary: 'PATCH, HEAD or DELETE for clients that can only POST',
      params: UploadParams,
      response: { 200: Empty, 204: Empty, ...problems }
    },
    handler: async (request, reply) => {
      const operation = OVERRIDES.get(request.headers['x-http-method-override'])
      if (operation === undefined) throw badRequest('POST here needs X-HTTP-Method-Override: PATCH, HEAD or DELETE.')
      await operation(deps, { request, reply }, parseUploadId(request.params.id))
      return reply.send(null)
    }
  })
}
