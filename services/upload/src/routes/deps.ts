import type { FastifyReply, FastifyRequest } from 'fastify'
import type { UploadContext } from '../context.ts'
import type { TusProtocol } from '../tus/protocol.ts'

/** What a route needs besides the request. */
export interface RouteDeps {
  readonly context: UploadContext
  readonly tus: TusProtocol
}

export interface Exchange {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

export const READ_SCOPE = 'files:read'
export const WRITE_SCOPE = 'files:write'
