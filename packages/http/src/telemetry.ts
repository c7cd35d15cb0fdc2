import { contextFromTraceparent, failSpan, type Metrics, startSpan } from '@cairn/runtime'
import { type Span, trace, context as traceContext } from '@opentelemetry/api'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { identityOf } from './require-identity.ts'

const SPAN = Symbol('cairn.span')

type Traced = FastifyRequest & { [SPAN]?: Span }

const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]

/** Rate, errors and duration per route. */
export const measureRequests = (app: FastifyInstance, metrics: Metrics): void => {
  const requests = metrics.counter({
    name: 'cairn_http_requests_total',
    help: 'Requests answered',
    labelNames: ['method', 'route', 'status']
  })
  const duration = metrics.histogram({
    name: 'cairn_http_request_duration_seconds',
    help: 'From the headers of a request to the end of its response',
    labelNames: ['method', 'route'],
    buckets: BUCKETS
  })
  const inFlight = metrics.gauge({ name: 'cairn_http_requests_in_flight', help: 'Requests being served' })

  app.addHook('onRequest', (_request, reply, done) => {
    inFlight.inc()
    reply.raw.once('close', () => inFlight.dec())
    done()
  })
  app.addHook('onResponse', (request, reply, done) => {
    const method = request.method
    const route = request.routeOptions.url ?? 'none'
    requests.inc({ method, route, status: reply.statusCode })
    duration.observe({ method, route }, reply.elapsedTime / 1000)
    done()
  })
}

/** A server span per request, parent of everything its handler does. */
export const traceRequests = (app: FastifyInstance): void => {
  app.addHook('onRequest', (request: Traced, _reply, done) => {
    const traceparent = request.headers['traceparent']
    const parent = contextFromTraceparent(typeof traceparent === 'string' ? traceparent : undefined)
    const route = request.routeOptions.url ?? 'none'
    const span = startSpan(`${request.method} ${route}`, {
      kind: 'server',
      parent,
      attributes: { 'http.request.method': request.method, 'http.route': route, 'cairn.request_id': request.id }
    })
    request[SPAN] = span
    traceContext.with(trace.setSpan(parent, span), done)
  })
  // Once a body has been parsed the call comes from the connection, which knows of no trace.
  app.addHook('preValidation', (request: Traced, _reply, done) => {
    const span = request[SPAN]
    if (span === undefined) done()
    else traceContext.with(trace.setSpan(traceContext.active(), span), done)
  })
  app.addHook('onResponse', (request: Traced, reply, done) => {
    const span = request[SPAN]
    span?.setAttribute('http.response.status_code', reply.statusCode)
    if (span !== undefined && reply.statusCode >= 500) failSpan(span, `status ${reply.statusCode}`)
    span?.end()
    done()
  })
}

/** One line per request, by route pattern: addresses may carry secrets. */
export const logRequests = (app: FastifyInstance): void => {
  app.addHook('onResponse', (request, reply, done) => {
    request.log.info(
      {
        method: request.method,
        route: request.routeOptions.url,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 10) / 10,
        ip: request.ip,
        userId: identityOf(request)?.userId
      },
      'request'
    )
    done()
  })
}
