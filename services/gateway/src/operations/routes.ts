import { CairnError } from '@cairn/contracts'
import { type HttpApp, problemResponses } from '@cairn/http'
import type { Health, HealthReport, Metrics } from '@cairn/runtime'
import { Type } from 'typebox'
import type { OperatorCheck } from './operators.ts'

export interface OperationsDeps {
  readonly health: Health
  readonly metrics: Metrics
  readonly isOperator: OperatorCheck
}

const tags = ['operations']
const Live = Type.Object({ status: Type.Literal('ok') })
const Ready = Type.Object({
  status: Type.Union([
    Type.Literal('ready'),
    Type.Literal('degraded'),
    Type.Literal('unready'),
    Type.Literal('stopping')
  ]),
  checks: Type.Record(
    Type.String(),
    Type.Object({
      status: Type.Union([Type.Literal('ok'), Type.Literal('failed')]),
      essential: Type.Boolean({ description: 'Not ready without it; otherwise degraded' }),
      latencyMs: Type.Integer(),
      error: Type.Optional(Type.String({ description: 'Shown to operators only' }))
    })
  )
})

/** Liveness, readiness and metrics. */
export const operationsRoutes = (app: HttpApp, deps: OperationsDeps): void => {
  app.get(
    '/livez',
    { schema: { tags, security: [], summary: 'The process runs', response: { 200: Live } } },
    async () => ({ status: 'ok' as const })
  )

  app.get(
    '/readyz',
    {
      schema: {
        tags,
        security: [],
        summary: 'Whether requests can be served, with the state of each dependency',
        response: { 200: Ready, 503: Ready }
      }
    },
    async (request, reply) => {
      const report = await deps.health.report()
      const serving = report.status === 'ready' || report.status === 'degraded'
      return reply.code(serving ? 200 : 503).send(deps.isOperator(request) ? report : withoutReasons(report))
    }
  )

  app.get(
    '/metrics',
    {
      schema: {
        tags,
        security: [{ operator: [] }, {}],
        summary: 'Prometheus metrics, for operators only',
        response: { 200: Type.String(), ...problemResponses('not_found') }
      }
    },
    async (request, reply) => {
      if (!deps.isOperator(request)) throw new CairnError('not_found', 'There is nothing at this address')
      return reply.type(deps.metrics.contentType).send(await deps.metrics.render())
    }
  )
}

const withoutReasons = (report: HealthReport): HealthReport => ({
  status: report.status,
  checks: Object.fromEntries(
    Object.entries(report.checks).map(([name, { status, essential, latencyMs }]) => [
      name,
      { status, essential, latencyMs }
    ])
  )
})
