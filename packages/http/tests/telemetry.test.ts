import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { describe, test } from 'node:test'
import { createLogger, createMetrics, createTracing, currentTraceparent } from '@cairn/runtime'
import type { HttpApp } from '../src/index.ts'
import { startServer } from './_server.ts'

const addRoutes = (app: HttpApp): void => {
  app.post('/traced', async () => ({ traceparent: currentTraceparent() ?? null }))
  app.get('/secret/:token', async () => ({}))
  app.get('/boom', async () => {
    throw new Error('inner reason')
  })
  app.get('/breaks', async (_request, reply) => {
    async function* blocks() {
      yield 'begin'
      throw new Error('chunk could not be verified')
    }
    return reply.type('text/plain').send(Readable.from(blocks()))
  })
}

const recording = () => {
  const lines: string[] = []
  return { lines, logger: createLogger({ level: 'info', destination: { write: (line) => void lines.push(line) } }) }
}

describe('telemetry', () => {
  test('a request is a span that its handler runs in, also after a body', async (t) => {
    const tracing = await createTracing({
      serviceName: 'test',
      logger: createLogger({ level: 'silent' }),
      exporter: { export: (_spans, done) => done({ code: 0 }), shutdown: () => Promise.resolve() }
    })
    t.after(() => tracing.shutdown())
    const { origin } = await startServer(t, addRoutes, { tracing: true })
    const traceId = '0af7651916cd43dd8448eb211c80319c'
    const response = await fetch(`${origin}/traced`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', traceparent: `00-${traceId}-b7ad6b7169203331-01` },
      body: JSON.stringify({ padding: 'x'.repeat(200_000) })
    })
    const { traceparent } = (await response.json()) as { traceparent: string }
    assert.equal(traceparent.split('-')[1], traceId)
    assert.notEqual(traceparent.split('-')[2], 'b7ad6b7169203331')
  })

  test('requests are counted by route, method and status', async (t) => {
    const metrics = createMetrics()
    const { origin } = await startServer(t, addRoutes, { metrics })
    await fetch(`${origin}/secret/one`)
    await fetch(`${origin}/secret/two`)
    await fetch(`${origin}/boom`)
    await fetch(`${origin}/nowhere`)
    const text = await metrics.render()
    assert.match(text, /cairn_http_requests_total\{method="GET",route="\/secret\/:token",status="200"\} 2/)
    assert.match(text, /cairn_http_requests_total\{method="GET",route="\/boom",status="500"\} 1/)
    assert.match(text, /cairn_http_requests_total\{method="GET",route="none",status="404"\} 1/)
    assert.match(text, /cairn_http_requests_in_flight 0/)
  })

  test('SEC-127 the access log names routes, not addresses', async (t) => {
    const { lines, logger } = recording()
    const { origin } = await startServer(t, addRoutes, { logger, accessLog: true })
    await fetch(`${origin}/secret/hunter2?password=hunter2`, {
      headers: { authorization: 'Bearer hunter2', cookie: 'a=hunter2' }
    })
    assert.match(lines.join(''), /"route":"\/secret\/:token"/)
    assert.doesNotMatch(lines.join(''), /hunter2/)
  })

  test('failures are logged with their cause and the id the client was told', async (t) => {
    const { lines, logger } = recording()
    const { origin } = await startServer(t, addRoutes, { logger })
    const response = await fetch(`${origin}/boom`)
    const line = lines.find((text) => text.includes('inner reason')) ?? ''
    assert.equal((JSON.parse(line) as { requestId: string }).requestId, response.headers.get('x-request-id'))
  })

  test('FLT-012 a response that breaks off midway is cut, logged, and hurts nobody else', async (t) => {
    const { lines, logger } = recording()
    const { origin } = await startServer(t, addRoutes, { logger })
    await assert.rejects(fetch(`${origin}/breaks`).then((response) => response.text()))
    assert.ok(lines.some((line) => line.includes('chunk could not be verified')))
    assert.equal((await fetch(`${origin}/secret/x`)).status, 200)
  })
})
