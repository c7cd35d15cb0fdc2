import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Agent, get as httpGet, type IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { describe, test } from 'node:test'
import { httpRoutes } from '@cairn/http'
import { startGateway } from './_gateway.ts'

const failing = { name: 'database', check: () => Promise.reject(new Error('connect ECONNREFUSED db.internal:5432')) }
const TOKEN = 'operator-token-0123456789'

describe('health', () => {
  test('says what each dependency does', async (t) => {
    const { origin, health } = await startGateway(t)
    assert.deepEqual(await (await fetch(`${origin}/livez`)).json(), { status: 'ok' })
    health.register({ name: 'cache', essential: false, check: () => Promise.reject(new Error('gone')) })
    const degraded = await fetch(`${origin}/readyz`)
    assert.equal(degraded.status, 200)
    assert.equal(((await degraded.json()) as { status: string }).status, 'degraded')
    health.register(failing)
    const unready = await fetch(`${origin}/readyz`)
    assert.equal(unready.status, 503)
    const report = (await unready.json()) as {
      status: string
      checks: Record<string, { status: string; error?: string }>
    }
    assert.equal(report.status, 'unready')
    assert.equal(report.checks['database']?.status, 'failed')
    assert.match(report.checks['database']?.error ?? '', /ECONNREFUSED/)
  })

  test('SEC-129 the reasons are for operators', async (t) => {
    const { origin, health } = await startGateway(t, {
      env: { CAIRN_METRICS_ALLOW: '192.0.2.1', CAIRN_METRICS_TOKEN: TOKEN }
    })
    health.register(failing)
    assert.doesNotMatch(await (await fetch(`${origin}/readyz`)).text(), /db\.internal/)
    const headers = { authorization: `Bearer ${TOKEN}` }
    assert.match(await (await fetch(`${origin}/readyz`, { headers })).text(), /db\.internal/)
  })
})

describe('metrics', () => {
  test('are there for loopback', async (t) => {
    const { origin } = await startGateway(t)
    await fetch(`${origin}/livez`)
    const response = await fetch(`${origin}/metrics`)
    assert.match(response.headers.get('content-type') ?? '', /^text\/plain/)
    assert.match(await response.text(), /cairn_http_requests_total\{method="GET",route="\/livez",status="200"\} 1/)
  })

  test('SEC-129 do not exist for anybody else', async (t) => {
    const closed = await startGateway(t, { env: { CAIRN_METRICS_ALLOW: '192.0.2.0/24', CAIRN_METRICS_TOKEN: TOKEN } })
    const statusWith = async (origin: string, headers: Record<string, string>): Promise<number> =>
      (await fetch(`${origin}/metrics`, { headers })).status
    assert.equal(await statusWith(closed.origin, {}), 404)
    assert.equal(await statusWith(closed.origin, { authorization: 'Bearer wrong' }), 404)
    assert.equal(await statusWith(closed.origin, { authorization: `Bearer ${TOKEN}` }), 200)
    const unknownProxy = await startGateway(t)
    assert.equal(await statusWith(unknownProxy.origin, { 'x-forwarded-for': '127.0.0.1' }), 404)
    assert.equal(await statusWith(unknownProxy.origin, { forwarded: 'for=127.0.0.1' }), 404)
    const otherProxy = await startGateway(t, { env: { CAIRN_TRUSTED_PROXIES: '10.0.0.0/8' } })
    assert.equal(await statusWith(otherProxy.origin, { 'x-forwarded-for': '127.0.0.1' }), 404)
    const knownProxy = await startGateway(t, { env: { CAIRN_TRUSTED_PROXIES: 'loopback' } })
    assert.equal(await statusWith(knownProxy.origin, { 'x-forwarded-for': '203.0.113.9' }), 404)
  })
})

const slow = (entered: () => void, release: Promise<void>) =>
  httpRoutes((app) => {
    app.get('/slow', async () => {
      entered()
      await release
      return { done: true }
    })
    app.get('/stream', async (_request, reply) => {
      async function* blocks() {
        yield 'first,'
        entered()
        await release
        yield 'last'
      }
      return reply.type('text/plain').send(Readable.from(blocks()))
    })
    app.get('/quick', async () => ({}))
    app.get('/forever', async (request) => {
      entered()
      await once(request.signal, 'abort')
      return {}
    })
  })

const request = async (agent: Agent, url: string): Promise<IncomingMessage> => {
  const [response] = (await once(httpGet(url, { agent }), 'response')) as [IncomingMessage]
  return response
}

const bodyOf = async (response: IncomingMessage): Promise<string> => {
  let text = ''
  for await (const chunk of response) text += String(chunk)
  return text
}

describe('stopping', () => {
  test('FLT-009 requests and streams under way finish, kept-alive connections are told to go', async (t) => {
    const release = Promise.withResolvers<void>()
    let entered = 0
    const bothEntered = Promise.withResolvers<void>()
    const routes = slow(() => {
      entered += 1
      if (entered === 2) bothEntered.resolve()
    }, release.promise)
    const { gateway, origin, health } = await startGateway(t, { routes: { routes } })
    const agent = new Agent({ keepAlive: true })
    t.after(() => agent.destroy())
    await bodyOf(await request(agent, `${origin}/quick`))
    const answer = request(agent, `${origin}/slow`)
    const stream = await request(agent, `${origin}/stream`)
    await bothEntered.promise
    const drained = gateway.drain(new AbortController().signal)
    assert.equal(health.stopping, true)
    release.resolve()
    const response = await answer
    assert.equal(response.headers.connection, 'close')
    assert.equal(await bodyOf(response), '{"done":true}')
    assert.equal(await bodyOf(stream), 'first,last')
    await drained
    await assert.rejects(fetch(`${origin}/quick`))
  })

  test('FLT-009 while it waits for load balancers it says "stopping" and still serves', async (t) => {
    const routes = slow(() => undefined, Promise.resolve())
    const { gateway, origin } = await startGateway(t, { routes: { routes }, env: { CAIRN_DRAIN_DELAY: '5m' } })
    const hurry = new AbortController()
    const drained = gateway.drain(hurry.signal)
    const ready = await fetch(`${origin}/readyz`)
    assert.equal(ready.status, 503)
    assert.equal(((await ready.json()) as { status: string }).status, 'stopping')
    const served = await fetch(`${origin}/slow`)
    assert.equal(served.status, 200)
    assert.equal(served.headers.get('connection'), 'close')
    await served.arrayBuffer()
    hurry.abort(new Error('no more time'))
    await drained
  })

  test('at the deadline what is left is cut, and its handler is told', async (t) => {
    const entered = Promise.withResolvers<void>()
    const routes = slow(() => entered.resolve(), Promise.resolve())
    const { gateway, origin } = await startGateway(t, { routes: { routes }, env: { CAIRN_DRAIN_TIMEOUT: '50ms' } })
    const cut = assert.rejects(fetch(`${origin}/forever`))
    await entered.promise
    await gateway.drain(new AbortController().signal)
    await cut
  })

  test('a port in use is named together with the setting', async (t) => {
    const { port } = await startGateway(t)
    await assert.rejects(startGateway(t, { env: { CAIRN_PORT: String(port) } }), /Port \d+ is in use.*CAIRN_PORT/)
  })
})
