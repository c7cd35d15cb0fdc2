import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Destination } from '../../domain/authorize.ts'
import { parseMtime } from '../../domain/fields.ts'
import { parsePrecondition } from '../../domain/precondition.ts'
import { putContent } from '../../domain/put-content.ts'
import { declaredLength, readBody } from '../../http/body.ts'
import type { RouteDeps } from '../deps.ts'
import { type CommittedNode, toCommittedNode } from '../shapes.ts'

export interface PutRequest {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly destination: Destination
  readonly mtime: string | undefined
}

/** Shared by both PUT routes. 201 for a new file, 200 for a new version. */
export const putFile = async (deps: RouteDeps, put: PutRequest): Promise<CommittedNode> => {
  const { request, reply } = put
  const { identity } = request
  const { config, stopping } = deps.context
  const mtime = request.headers['x-cairn-mtime'] ?? put.mtime
  const { node, driveId, created } = await putContent(deps.context, {
    userId: identity.userId,
    deviceId: identity.credentialId,
    destination: { ...put.destination, size: declaredLength(request.raw) },
    precondition: parsePrecondition(request.headers),
    mtimeMs: parseMtime(mtime === undefined ? undefined : String(mtime)) ?? deps.context.clock.now(),
    open: () => readBody(request.raw, { limit: config.maxBytes, signal: stopping })
  })
  reply.code(created ? 201 : 200).header('etag', `"${node.versionId}"`)
  return toCommittedNode(node, driveId)
}
