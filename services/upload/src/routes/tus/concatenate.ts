import { CairnError } from '@cairn/contracts'
import type { UploadContext } from '../../context.ts'
import { authorizeWrite } from '../../domain/authorize.ts'
import { createStreamSession } from '../../domain/create.ts'
import { parseMtime, parseOnConflict } from '../../domain/fields.ts'
import type { Session } from '../../domain/session.ts'
import { settleUpload } from '../../domain/settle.ts'
import { badRequest, incomplete, uploadNotFound } from '../../errors.ts'
import { keepConnection } from '../../http/keep-connection.ts'
import { findByParts, findSession } from '../../store/sessions.ts'
import { TUS_PATH } from '../../tus/constants.ts'
import { destinationOf } from '../../tus/destination.ts'
import type { Exchange, RouteDeps } from '../deps.ts'
import { carriesBody } from './headers.ts'

export interface Final {
  readonly parts: readonly string[]
  readonly metadata: ReadonlyMap<string, string>
}

/**
 * POST with `Upload-Concat: final`: copies the parts and commits before it answers. The copy goes on
 * when the client leaves; asking again for the same parts finds the same upload.
 */
export const concatenate = async (deps: RouteDeps, exchange: Exchange, final: Final): Promise<void> => {
  const { context } = deps
  const { request, reply } = exchange
  if (request.headers['upload-length'] !== undefined || carriesBody(request)) {
    throw badRequest('A final upload has neither Upload-Length nor a body; both come from its parts.')
  }
  const { userId } = request.identity
  const known = await findByParts(context.database.query, userId, final.parts)
  const session = known ?? (await createFinal(context, exchange, final))
  reply.header('location', `${TUS_PATH}/${session.uploadId}`)
  const lock = await context.locks.acquire({ key: session, urgency: 'polite', signal: context.stopping })
  try {
    const finished = await keepConnection(exchange, context.clock, () => settleUpload(context, lock, lock.session))
    reply.header('cairn-node-id', finished.nodeId).header('cairn-version-id', finished.versionId)
  } finally {
    await lock.release()
  }
  reply.code(201)
}

const createFinal = async (context: UploadContext, { request }: Exchange, final: Final): Promise<Session> => {
  const { userId, credentialId } = request.identity
  const { metadata, parts } = final
  const length = await totalLength(context, userId, parts)
  const uploadId = context.random.uuid()
  const owner = { userId, deviceId: credentialId, uploadId }
  const target = await authorizeWrite(
    context,
    userId,
    await destinationOf(context, { ...owner, metadata, size: length })
  )
  return await createStreamSession(context, {
    ...owner,
    kind: 'final',
    state: 'assembling',
    target,
    length,
    byteLimit: length,
    metadata: request.headers['upload-metadata'] as string | undefined,
    mtimeMs: parseMtime(metadata.get('mtime')) ?? context.clock.now(),
    onConflict: parseOnConflict(metadata.get('onConflict')),
    parts,
    leaseSeconds: context.config.leaseSeconds
  })
}

const totalLength = async (context: UploadContext, userId: string, parts: readonly string[]): Promise<number> => {
  let total = 0
  for (const uploadId of parts) {
    const part = await findSession(context.database.query, { userId, uploadId })
    if (part === undefined || part.expired) throw uploadNotFound()
    if (part.kind !== 'partial') throw badRequest('Only partial uploads can be concatenated.')
    const { durableOffset } = await context.storage.getUpload({ vaultId: part.target.vaultId, uploadId })
    if (part.length === undefined || Number(durableOffset) !== part.length) throw incomplete(Number(durableOffset))
    total += part.length
  }
  if (total > context.config.maxBytes) throw new CairnError('payload_too_large', 'The parts are too large together.')
  return total
}
