import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, type TestContext, test } from 'node:test'
import {
  contextFromTraceparent,
  createLogger,
  createTracing,
  currentTraceparent,
  parseTraceparent,
  startSpan,
  withSpan
} from '../src/index.ts'

const logger = createLogger({ level: 'silent' })

interface OtlpSpan {
  readonly name: string
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly kind: number
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly status: { readonly code: number; readonly message?: string }
  readonly attributes: readonly { key: string; value: object }[]
}

/** A collector that keeps what it is sent. */
const startCollector = async (t: TestContext) => {
  const spans: OtlpSpan[] = []
  const paths: string[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += String(chunk)
    paths.push(`${request.method} ${request.url} ${request.headers['content-type']}`)
    const document = JSON.parse(body) as { resourceSpans: { scopeSpans: { spans: OtlpSpan[] }[] }[] }
    for (const { scopeSpans } of document.resourceSpans) for (const scope of scopeSpans) spans.push(...scope.spans)
    response.end('{}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  return { spans, paths, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

describe('tracing', () => {
  test('is off and harmless without an endpoint', async () => {
    const tracing = await createTracing({ serviceName: 'cairn', logger })
    assert.equal(tracing.enabled, false)
    assert.equal(await withSpan('work', {}, async () => 7), 7)
    assert.equal(await withSpan('work', {}, async () => currentTraceparent()), undefined)
    await tracing.shutdown()
  })

  test('spans nest across async calls and reach the collector', async (t) => {
    const { spans, paths, endpoint } = await startCollector(t)
    const tracing = await createTracing({ serviceName: 'cairn', endpoint, logger })
    await withSpan(
      'outer',
      { kind: 'server', attributes: { 'http.route': '/x', count: 3, ratio: 0.5, ok: true } },
      async () => {
        await new Promise((resolve) => setImmediate(resolve))
        await assert.rejects(withSpan('inner', {}, () => Promise.reject(new Error('boom'))))
      }
    )
    await tracing.shutdown()
    const inner = spans.find(({ name }) => name === 'inner')
    const outer = spans.find(({ name }) => name === 'outer')
    assert.ok(inner !== undefined && outer !== undefined)
    assert.equal(inner.traceId, outer.traceId)
    assert.equal(inner.parentSpanId, outer.spanId)
    assert.deepEqual(inner.status, { code: 2, message: 'boom' })
    assert.equal(outer.kind, 2)
    assert.ok(BigInt(outer.endTimeUnixNano) >= BigInt(outer.startTimeUnixNano))
    assert.deepEqual(outer.attributes, [
      { key: 'http.route', value: { stringValue: '/x' } },
      { key: 'count', value: { intValue: '3' } },
      { key: 'ratio', value: { doubleValue: 0.5 } },
      { key: 'ok', value: { boolValue: true } }
    ])
    assert.equal(paths[0], 'POST /v1/traces application/json')
  })

  test('a trace continues from a traceparent, sampling decision included', async (t) => {
    const { spans, endpoint } = await startCollector(t)
    const tracing = await createTracing({ serviceName: 'cairn', endpoint, logger })
    const traceId = '0af7651916cd43dd8448eb211c80319c'
    const spanId = 'b7ad6b7169203331'
    startSpan('sampled', { parent: contextFromTraceparent(`00-${traceId}-${spanId}-01`) }).end()
    startSpan('not sampled', { parent: contextFromTraceparent(`00-${traceId}-${spanId}-00`) }).end()
    await tracing.shutdown()
    assert.deepEqual(
      spans.map(({ name }) => name),
      ['sampled']
    )
    assert.equal(spans[0]?.traceId, traceId)
    assert.equal(spans[0]?.parentSpanId, spanId)
  })

  test('a collector that is away fails neither work nor the stop', async () => {
    const tracing = await createTracing({ serviceName: 'cairn', endpoint: 'http://127.0.0.1:9', logger })
    await withSpan('work', {}, async () => undefined)
    await tracing.flush()
    await tracing.shutdown()
  })

  test('malformed traceparents are ignored', () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c'
    const malformed = [
      '',
      'x',
      `00-${traceId}-b7ad6b7169203331`,
      `ff-${traceId}-b7ad6b7169203331-01`,
      `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
      `00-${traceId}-${'0'.repeat(16)}-01`,
      `00-${traceId}-b7ad6b7169203331-01-extra`,
      `00-${traceId.toUpperCase()}-b7ad6b7169203331-01`
    ]
    for (const traceparent of malformed) assert.equal(parseTraceparent(traceparent), undefined, traceparent)
  })
})
