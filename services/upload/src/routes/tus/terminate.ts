import type { TusCall } from '../../tus/call.ts'
import type { Exchange, RouteDeps } from '../deps.ts'
import { requireTusVersion } from './headers.ts'
import { libraryHeaders, runTus } from './run.ts'

/** DELETE: forget the upload. A committed file stays. */
export const terminateUpload = async (deps: RouteDeps, exchange: Exchange, uploadId: string): Promise<void> => {
  requireTusVersion(exchange.request, exchange.reply)
  const { userId } = exchange.request.identity
  const call: TusCall = { userId, method: 'DELETE', urgency: 'urgent', signal: deps.context.stopping }
  await runTus(deps, exchange, { call, request: { uploadId, headers: libraryHeaders({}) } })
  exchange.reply.removeHeader('upload-expires')
}
