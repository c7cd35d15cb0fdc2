import { CairnError } from '@cairn/contracts'
import { contextFromTraceparent, currentTraceparent, type Logger, type Metrics, withSpan } from '@cairn/runtime'
import { Code, ConnectError, type Interceptor } from '@connectrpc/connect'
import { fromAbort, toConnectError } from './errors.ts'

export const REQUEST_ID_HEADER = 'x-request-id'

export interface RpcInterceptors {
  /** Outermost first, as Connect applies them. */
  readonly client: Interceptor[]
  readonly server: Interceptor[]
}

export interface RpcInterceptorOptions {
  readonly logger: Logger
  readonly metrics: Metrics
}

/** The same behaviour on every transport: traces, durations, errors. */
export const createRpcInterceptors = (options: RpcInterceptorOptions): RpcInterceptors => ({
  client: [traceClient],
  server: [traceServer, measureServer(options.metrics), createErrorInterceptor(options.logger)]
})

/** A client span whose id travels as `traceparent`; nothing while no trace is active. */
const traceClient: Interceptor = (next) => (request) => {
  if (currentTraceparent() === undefined) return next(request)
  return withSpan(spanName(request), { kind: 'client', attributes: { 'rpc.system': 'connect' } }, () => {
    const traceparent = currentTraceparent()
    if (traceparent !== undefined) request.header.set('traceparent', traceparent)
    return next(request)
  })
}

const traceServer: Interceptor = (next) => (request) => {
  const traceparent = request.header.get('traceparent')
  if (traceparent === null) return next(request)
  return withSpan(spanName(request), { kind: 'server', parent: contextFromTraceparent(traceparent) }, () =>
    next(request)
  )
}

const spanName = (request: { service: { typeName: string }; method: { name: string } }): string =>
  `${request.service.typeName}/${request.method.name}`

const BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30]

const measureServer = (metrics: Metrics): Interceptor => {
  const duration = metrics.histogram({
    name: 'cairn_rpc_duration_seconds',
    help: 'Calls between services, as the answering side sees them',
    labelNames: ['method', 'code'],
    buckets: BUCKETS
  })
  return (next) => async (request) => {
    const startedAt = performance.now()
    let code = 'ok'
    try {
      return await next(request)
    } catch (error) {
      code = error instanceof ConnectError ? (Code[error.code] ?? 'Unknown') : 'Unknown'
      throw error
    } finally {
      duration.observe({ method: spanName(request), code }, (performance.now() - startedAt) / 1000)
    }
  }
}

/** Whatever an implementation throws leaves it as a ConnectError; what nobody expected is logged here. */
const createErrorInterceptor =
  (logger: Logger): Interceptor =>
  (next) =>
  async (request) => {
    try {
      return await next(request)
    } catch (error) {
      if (error instanceof ConnectError) throw error
      if (request.signal.aborted && !(error instanceof CairnError)) throw abortError(request.signal)
      const method = spanName(request)
      const requestId = request.header.get(REQUEST_ID_HEADER) ?? undefined
      if (error instanceof CairnError) {
        if (error.cause !== undefined) logger.debug({ err: error, method, requestId }, 'call refused')
        if (error.code === 'internal') logger.error({ err: error, method, requestId }, 'call failed')
        throw toConnectError(error)
      }
      logger.error({ err: error, method, requestId }, 'call failed')
      throw toConnectError(new CairnError('internal', 'internal error'))
    }
  }

const abortError = (signal: AbortSignal): ConnectError => {
  const reason = fromAbort(signal.reason)
  if (reason instanceof ConnectError) return reason
  return reason instanceof CairnError ? toConnectError(reason) : new ConnectError('cancelled', Code.Canceled)
}
