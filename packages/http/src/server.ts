import type { Logger, Metrics, Random } from '@cairn/runtime'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { type FastifyBaseLogger, type FastifyHttpOptions, fastify, type RawServerDefault } from 'fastify'
import { createAddressMatcher } from './addresses.ts'
import type { HttpApp } from './app.ts'
import { requireExactContentType } from './content-type.ts'
import { handleError } from './error-handler.ts'
import { DEFAULT_LIMITS, type HttpLimits } from './limits.ts'
import { createNodeServer, refuseUnparsable } from './node-server.ts'
import { handleNotFound } from './not-found.ts'
import { createRequestIds, REQUEST_ID_HEADER } from './request-id.ts'
import { RequestLog } from './request-log.ts'
import { replaceRequestSignal } from './request-signal.ts'
import { decorateIdentity, type IdentityObserver } from './require-identity.ts'
import { logRequests, measureRequests, traceRequests } from './telemetry.ts'
import { createTransferGuard } from './transfer-guard.ts'
import { drainUnreadBodies } from './unread-body.ts'
import { createValidatorCompiler } from './validation.ts'

export interface HttpServerOptions {
  readonly logger: Logger
  readonly metrics: Metrics
  readonly random: Random
  /** Addresses or networks whose X-Forwarded-* and X-Request-Id are believed; default none. */
  readonly trustedProxies?: readonly string[]
  readonly limits?: Partial<HttpLimits>
  /** Make a span of every request; default false. */
  readonly tracing?: boolean
  /** Log every request at level info; default false. */
  readonly accessLog?: boolean
  readonly onIdentified?: IdentityObserver
}

/** A hardened Fastify: strict requests in, problem documents out. Routes are added by the caller. */
export const createHttpServer = (options: HttpServerOptions): HttpApp => {
  const { logger, random } = options
  const limits: HttpLimits = { ...DEFAULT_LIMITS, ...options.limits }
  const trusted = createAddressMatcher(options.trustedProxies ?? [])
  const transfers = createTransferGuard(limits)

  const settings: FastifyHttpOptions<RawServerDefault, FastifyBaseLogger> = {
    serverFactory: (handler) => createNodeServer(handler, { limits, random, transfers }),
    loggerInstance: logger as FastifyBaseLogger,
    logController: new RequestLog(),
    trustProxy: (options.trustedProxies ?? []).length === 0 ? false : (address: string) => trusted(address),
    requestIdHeader: false,
    genReqId: createRequestIds(random, trusted),
    bodyLimit: limits.bodyLimit,
    // Requests that still arrive on open connections while the server stops are served, not dropped.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    routerOptions: {
      caseSensitive: true,
      ignoreTrailingSlash: false,
      ignoreDuplicateSlashes: false,
      // Names may be 255 bytes, three characters each when encoded; headers bound the rest.
      maxParamLength: limits.maxHeaderSize
    },
    frameworkErrors: handleError,
    clientErrorHandler: (error, socket) => refuseUnparsable(error, socket, random.uuid())
  }
  const app = fastify(settings).withTypeProvider<TypeBoxTypeProvider>()

  app.removeContentTypeParser('text/plain')
  app.setValidatorCompiler(createValidatorCompiler())
  app.setErrorHandler(handleError)
  handleNotFound(app)
  replaceRequestSignal(app)
  decorateIdentity(app, options.onIdentified)
  measureRequests(app, options.metrics)
  if (options.tracing === true) traceRequests(app)
  app.addHook('onRequest', (request, reply, done) => {
    reply.header(REQUEST_ID_HEADER, request.id)
    if (request.routeOptions.config.bodyMode === 'stream') transfers.setBodyMode(request.raw, 'stream')
    requireExactContentType(request)
    done()
  })
  drainUnreadBodies(app, limits.lingerTimeout)
  if (options.accessLog === true) logRequests(app)
  app.addHook('onClose', async () => transfers.close())
  return app
}
