import { createAddressMatcher, createHttpServer, type HttpApp, type HttpLimits, httpRoutes } from '@cairn/http'
import type { Health } from '@cairn/runtime'
import type { ServiceHost } from '@cairn/service'
import type { FastifyPluginAsync } from 'fastify'
import type { GatewayConfig } from './config.ts'
import { drainServer } from './drain.ts'
import { allowCrossOrigin } from './http/cors.ts'
import { addSecurityHeaders } from './http/security-headers.ts'
import { stripForeignHeaders } from './http/strip-headers.ts'
import { createUserLimit, limitAddresses } from './limits/limit-requests.ts'
import { type ListenAddress, listen } from './listen.ts'
import { deadLetterRoutes } from './operations/dead-letters.ts'
import { createOperatorCheck } from './operations/operators.ts'
import { type Outboxes, queueRoutes } from './operations/queues.ts'
import { operationsRoutes } from './operations/routes.ts'
import { landingRoutes } from './pages/landing.ts'
import { describeApi } from './pages/openapi.ts'

/** What the gateway needs of the process. */
export type GatewayHost = Pick<
  ServiceHost,
  'logger' | 'clock' | 'random' | 'metrics' | 'cache' | 'bus' | 'identity' | 'publicOrigin'
>

export interface GatewayOptions {
  readonly host: GatewayHost
  readonly config: GatewayConfig
  /** Public routes of the modules in this process, by module name. One named "web" takes over `/`. */
  readonly routes: Readonly<Record<string, FastifyPluginAsync>>
  /** How far announcements are behind, by module name. Default none. */
  readonly outboxes?: Outboxes
  readonly health: Health
  /** Shown in the API description. */
  readonly version: string
  /** Make spans of requests; default false. */
  readonly tracing?: boolean
  readonly limits?: Partial<HttpLimits>
}

export interface Gateway {
  readonly app: HttpApp
  /** Accepts connections from now on; resolves to where. */
  start(): Promise<ListenAddress>
  drain(signal: AbortSignal): Promise<void>
  dispose(): Promise<void>
}

/** The one public origin: everything the modules offer, behind one set of rules. */
export const createGateway = async (options: GatewayOptions): Promise<Gateway> => {
  const { host, config, health } = options
  const trusted = createAddressMatcher(config.trustedProxies)
  const app = createHttpServer({
    ...host,
    trustedProxies: config.trustedProxies,
    accessLog: config.accessLog,
    tracing: options.tracing ?? false,
    onIdentified: createUserLimit(host, config.limits),
    ...(options.limits === undefined ? {} : { limits: options.limits })
  })
  stripForeignHeaders(app, trusted)
  addSecurityHeaders(app, host.publicOrigin)
  allowCrossOrigin(app, config.corsOrigins)
  limitAddresses(app, host, config.limits)
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (health.stopping) reply.header('connection', 'close')
    done(null, payload)
  })
  await describeApi(app, { version: options.version, publicOrigin: host.publicOrigin })
  operationsRoutes(app, { health, metrics: host.metrics, isOperator: createOperatorCheck(config.operators, trusted) })
  await app.register(
    httpRoutes((operations) => {
      deadLetterRoutes(operations, host)
      queueRoutes(operations, { ...host, outboxes: options.outboxes ?? {} })
    })
  )
  const atRoot = options.routes['web'] === undefined
  await app.register(httpRoutes((pages) => landingRoutes(pages, { atRoot })))
  for (const [name, routes] of Object.entries(options.routes)) {
    host.logger.debug({ module: name }, 'routes mounted')
    await app.register(routes)
  }

  return {
    app,
    start: () => listen(app, config),
    drain: (signal) => drainServer(app, { host, health, times: config.drain }, signal),
    dispose: async () => {
      app.server.closeAllConnections()
      await app.close()
    }
  }
}
