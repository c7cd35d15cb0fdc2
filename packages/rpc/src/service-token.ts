import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Clock } from '@cairn/runtime'
import { Code, ConnectError, type HandlerContext, type Interceptor } from '@connectrpc/connect'

/** What services of one installation share, at least 32 bytes; derived from the master key. */
export interface ServiceSecret {
  readonly key: Uint8Array
  readonly clock: Clock
}

const SCHEME = 'Cairn-Service'
const MAX_SKEW_MS = 60_000

/** Signs each call for its method and moment. */
export const createTokenInterceptor =
  (secret: ServiceSecret): Interceptor =>
  (next) =>
  (request) => {
    const time = String(secret.clock.now())
    const path = `/${request.service.typeName}/${request.method.name}`
    request.header.set('authorization', `${SCHEME} ${time}.${sign(secret, { time, path }).toString('base64url')}`)
    return next(request)
  }

/** Refuses calls that were not signed with the same secret within the last minute, before their message is read. */
export const createTokenGate =
  (secret: ServiceSecret) =>
  (context: HandlerContext): void => {
    const match = /^Cairn-Service (\d{1,15})\.([\w-]{43})$/.exec(context.requestHeader.get('authorization') ?? '')
    const [, time = '', signature = ''] = match ?? []
    const path = `/${context.service.typeName}/${context.method.name}`
    const fresh = Math.abs(secret.clock.now() - Number(time)) <= MAX_SKEW_MS
    const genuine = timingSafeEqual(sign(secret, { time, path }), padded(signature))
    if (match === null || !fresh || !genuine)
      throw new ConnectError('not a service of this installation', Code.Unauthenticated)
  }

const sign = (secret: ServiceSecret, call: { time: string; path: string }): Buffer =>
  createHmac('sha256', secret.key).update(`${call.time}\n${call.path}`).digest()

const padded = (signature: string): Buffer => {
  const bytes = Buffer.alloc(32)
  Buffer.from(signature, 'base64url').copy(bytes)
  return bytes
}
