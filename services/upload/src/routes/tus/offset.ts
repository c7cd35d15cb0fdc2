import { uploadNotFound } from '../../errors.ts'
import { findSession } from '../../store/sessions.ts'
import type { TusCall } from '../../tus/call.ts'
import type { Exchange, RouteDeps } from '../deps.ts'
import { describeSession } from './answer.ts'
import { requireTusVersion } from './headers.ts'
import { libraryHeaders, runTus } from './run.ts'

/** HEAD: how far it got. Stops whoever is still sending, e.g. over a connection that died silently. */
export const tellOffset = async (deps: RouteDeps, exchange: Exchange, uploadId: string): Promise<void> => {
  const { request, reply } = exchange
  requireTusVersion(request, reply)
  const { userId } = request.identity
  reply.header('cache-control', 'no-store')
  const session = await findSession(deps.context.database.query, { userId, uploadId })
  if (session === undefined || session.kind === 'chunked') throw uploadNotFound()
  if (session.state === 'assembling' && !session.expired) {
    describeSession(session, reply)
    reply.code(200).header('upload-length', session.length ?? 0)
    return
  }
  const call: TusCall = { userId, method: 'HEAD', urgency: 'urgent', signal: deps.context.stopping }
  await runTus(deps, exchange, { call, request: { uploadId, headers: libraryHeaders({}) } })
  describeSession(session, reply)
  if (call.finished === undefined) return
  reply.header('cairn-node-id', call.finished.nodeId)
  reply.header('cairn-version-id', call.finished.versionId)
}
