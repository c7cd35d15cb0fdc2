import { uploadNotFound } from '../../errors.ts'
import { declaredLength } from '../../http/body.ts'
import { findSession } from '../../store/sessions.ts'
import type { TusCall } from '../../tus/call.ts'
import { TUS_BODY_TYPE } from '../../tus/constants.ts'
import type { Exchange, RouteDeps } from '../deps.ts'
import { parseBodyChecksum, parseLength, parseOffset, requireTusBody, requireTusVersion } from './headers.ts'
import { libraryHeaders, runTus, tusBody } from './run.ts'

/** PATCH: the next bytes; the last ones commit the file. */
export const appendToUpload = async (deps: RouteDeps, exchange: Exchange, uploadId: string): Promise<void> => {
  const { request, reply } = exchange
  requireTusVersion(request, reply)
  requireTusBody(request)
  const offset = parseOffset(request.headers['upload-offset'])
  const checksum = parseBodyChecksum(request)
  const declared = request.headers['upload-length']
  const length = declared === undefined ? undefined : parseLength(declared, deps.context.config.maxBytes)
  const { userId } = request.identity

  const call: TusCall = {
    userId,
    method: 'PATCH',
    urgency: 'polite',
    signal: deps.context.stopping,
    body: tusBody(exchange, checksum)
  }
  const headers = libraryHeaders({
    'upload-offset': offset,
    'content-type': TUS_BODY_TYPE,
    'content-length': declaredLength(request.raw),
    'upload-length': length === undefined ? undefined : await newLength(deps, { userId, uploadId }, length)
  })
  await runTus(deps, exchange, { call, request: { uploadId, headers } })
}

/** Saying the same length again, as after a lost answer, is no contradiction. */
const newLength = async (
  { context }: RouteDeps,
  key: { userId: string; uploadId: string },
  length: number
): Promise<number | undefined> => {
  const session = await findSession(context.database.query, key)
  if (session === undefined) throw uploadNotFound()
  return session.length === length ? undefined : length
}
