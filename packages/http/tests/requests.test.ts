import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { Readable } from 'node:stream'
import { describe, test } from 'node:test'
import { CairnError } from '@cairn/contracts'
import { Type } from 'typebox'
import { type HttpApp, httpRoutes, problemResponses, streamBodies, Uuid } from '../src/index.ts'
import { sendRaw, startServer } from './_server.ts'

const Body = Type.Object({ name: Type.String(), size: Type.Optional(Type.Integer()) }, { additionalProperties: false })

const addEcho = (app: HttpApp): void => {
  app.post(
    '/echo',
    { schema: { body: Body, response: { 200: Body, ...problemResponses('invalid_request') } } },
    async (request) => request.body
  )
  app.get(
    '/items/:id',
    {
      schema: { params: Type.Object({ id: Uuid }), querystring: Type.Object({ limit: Type.Integer({ default: 5 }) }) }
    },
    async (request) => ({ limit: request.query.limit })
  )
  app.get('/fail/:code', async (request) => {
    const { code } = request.params as { code: string }
    if (code === 'unknown') throw new Error('postgres://user:hunter2@db/ is down')
    throw new CairnError('rate_limited', 'Slow down', { retryAfter: 7, details: { scope: 'ip' } })
  })
  app.get('/names/:name', async (request) => ({ name: (request.params as { name: string }).name }))
}

const postJson = (origin: string, body: unknown, contentType = 'application/json'): Promise<Response> =>
  fetch(`${origin}/echo`, { method: 'POST', headers: { 'content-type': contentType }, body: JSON.stringify(body) })

describe('requests', () => {
  test('a valid body is answered, with a request id', async (t) => {
    const { origin } = await startServer(t, addEcho)
    const response = await postJson(origin, { name: 'a', size: 3 })
    assert.equal(response.status, 200)
    assert.deepEqual(await response.json(), { name: 'a', size: 3 })
    assert.match(response.headers.get('x-request-id') ?? '', /^[\da-f-]{36}$/)
  })

  test('SEC-031 an unknown field is refused and named', async (t) => {
    const { origin } = await startServer(t, addEcho)
    const response = await postJson(origin, { name: 'a', isAdmin: true })
    assert.equal(response.status, 400)
    assert.equal(response.headers.get('content-type'), 'application/problem+json; charset=utf-8')
    const problem = (await response.json()) as Record<string, unknown>
    assert.equal(problem['code'], 'invalid_request')
    assert.equal(problem['type'], 'urn:cairn:error:invalid_request')
    assert.equal(problem['field'], 'isAdmin')
    assert.equal(problem['requestId'], response.headers.get('x-request-id'))
  })

  test('bodies are not converted, queries are', async (t) => {
    const { origin } = await startServer(t, addEcho)
    assert.equal((await postJson(origin, { name: 'a', size: '3' })).status, 400)
    const id = '0193a5d2-7c1f-7b3e-9a4d-2f6e8c0b1a35'
    assert.deepEqual(await (await fetch(`${origin}/items/${id}?limit=9`)).json(), { limit: 9 })
    assert.deepEqual(await (await fetch(`${origin}/items/${id}`)).json(), { limit: 5 })
    assert.equal((await fetch(`${origin}/items/${id}?limit=1&limit=2`)).status, 400)
    assert.equal((await fetch(`${origin}/items/1`)).status, 400)
  })

  test('an error keeps its code, extras and Retry-After', async (t) => {
    const { origin } = await startServer(t, addEcho)
    const response = await fetch(`${origin}/fail/limited`)
    assert.equal(response.status, 429)
    assert.equal(response.headers.get('retry-after'), '7')
    const problem = (await response.json()) as Record<string, unknown>
    assert.equal(problem['detail'], 'Slow down')
    assert.equal(problem['scope'], 'ip')
  })

  test('an unknown error says nothing about itself', async (t) => {
    const { origin } = await startServer(t, addEcho)
    const response = await fetch(`${origin}/fail/unknown`)
    assert.equal(response.status, 500)
    const text = await response.text()
    assert.match(text, /"code":"internal"/)
    assert.doesNotMatch(text, /hunter2|postgres|stack/)
  })

  test('404 and 405 are problem documents, 405 with Allow', async (t) => {
    const { origin } = await startServer(t, addEcho)
    const missing = await fetch(`${origin}/nowhere`)
    assert.equal(missing.status, 404)
    assert.equal(((await missing.json()) as { code: string }).code, 'not_found')
    const wrong = await fetch(`${origin}/echo`, { method: 'DELETE' })
    assert.equal(wrong.status, 405)
    assert.equal(wrong.headers.get('allow'), 'POST')
    assert.equal(((await wrong.json()) as { code: string }).code, 'method_not_allowed')
  })

  test('typed route plugins register', async (t) => {
    const routes = httpRoutes((app) => {
      app.get('/typed/:id', { schema: { params: Type.Object({ id: Type.Integer() }) } }, async ({ params }) => ({
        next: params.id + 1
      }))
    })
    const { origin } = await startServer(t, (app) => void app.register(routes))
    assert.deepEqual(await (await fetch(`${origin}/typed/4`)).json(), { next: 5 })
  })
})

describe('content types', () => {
  const refused = [
    'application/json\ta',
    'application/json ',
    'application/json;charset=utf-16',
    'application/json ; charset=utf-8',
    'application/json;;charset=utf-8',
    'application/json; charset=utf-8; x=y',
    'text/json',
    'application/jsonx',
    'application/vnd.api+json',
    'text/plain',
    'application/x-www-form-urlencoded'
  ]
  for (const contentType of refused) {
    test(`SEC-115 ${JSON.stringify(contentType)} is 415 or validated`, async (t) => {
      const { port } = await startServer(t, addEcho)
      const body = '{"isAdmin":true}'
      const reply = await sendRaw(
        port,
        `POST /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: ${contentType}\r\nContent-Length: ${body.length}\r\n\r\n${body}`
      )
      // Trailing white space is not part of a header's value, so that one is the exact type and validated.
      assert.equal(reply.status, contentType === 'application/json ' ? 400 : 415)
    })
  }

  test('SEC-115 a missing or doubled content type is refused', async (t) => {
    const { port } = await startServer(t, addEcho)
    const body = '{"name":"a"}'
    const missing = await sendRaw(
      port,
      `POST /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`
    )
    assert.equal(missing.status, 415)
    const doubled = await sendRaw(
      port,
      `POST /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\n\r\n${body}`
    )
    assert.equal(doubled.status, 400)
  })

  test('SEC-115 the accepted spellings are validated', async (t) => {
    const { origin } = await startServer(t, addEcho)
    for (const contentType of [
      'application/json',
      'application/json;charset=utf-8',
      'application/json; charset=UTF-8'
    ]) {
      assert.equal((await postJson(origin, { name: 'a' }, contentType)).status, 200)
      assert.equal((await postJson(origin, { isAdmin: true }, contentType)).status, 400)
    }
  })
})

describe('URLs', () => {
  const refused = [
    '/names/..',
    '/names/../echo',
    '/./echo',
    '//echo',
    '/names//a',
    '/names/%2e%2e%2fetc',
    '/names/%2E%2e',
    '/names/a%2fb',
    '/names/a%5Cb',
    '/names/a\\b',
    '/names/..%5c',
    '/names/..%c0%af',
    '/names/%c0%ae',
    '/names/%ed%a0%80',
    '/names/%ff',
    '/names/%00',
    '/names/a%0d%0ab',
    '/names/%7f',
    '/names/%',
    '/names/%zz',
    '/names/%2',
    '/names/a\u00e9',
    'http://evil/names/a',
    '/items?x=%zz',
    '/items?x=%00',
    '/items?x=%c0%af'
  ]
  for (const url of refused) {
    test(`SEC-001 ${JSON.stringify(url)} is refused before routing`, async (t) => {
      let routed = false
      const { port } = await startServer(t, (app) => {
        addEcho(app)
        app.addHook('onRequest', async () => {
          routed = true
        })
      })
      const reply = await sendRaw(port, `GET ${url} HTTP/1.1\r\nHost: x\r\n\r\n`)
      assert.equal(reply.status, 400)
      assert.match(reply.body, /"code":"invalid_(url|request)"/)
      assert.equal(routed, false)
    })
  }

  test('SEC-001 a name may hold a percent sign; nothing decodes twice', async (t) => {
    const { origin } = await startServer(t, addEcho)
    const nameOf = async (encoded: string): Promise<string> =>
      ((await (await fetch(`${origin}/names/${encoded}`)).json()) as { name: string }).name
    assert.equal(await nameOf('100%25'), '100%')
    assert.equal(await nameOf('%252e%252e'), '%2e%2e')
    assert.equal(await nameOf('%252f'), '%2f')
    assert.equal(await nameOf(encodeURIComponent('año ✓ 🎉 a+b&c')), 'año ✓ 🎉 a+b&c')
    assert.equal(await nameOf('...'), '...')
  })

  test('long names reach their route', async (t) => {
    const { origin } = await startServer(t, addEcho)
    const name = '€'.repeat(255)
    const response = await fetch(`${origin}/names/${encodeURIComponent(name)}`)
    assert.deepEqual(await response.json(), { name })
  })
})

describe('hostile requests', () => {
  test('SEC-125 TRACE, CONNECT and unknown methods are refused and not reflected', async (t) => {
    const { port } = await startServer(t, addEcho)
    const trace = await sendRaw(port, 'TRACE /echo HTTP/1.1\r\nHost: x\r\nX-Secret: s3cret\r\n\r\n')
    assert.equal(trace.status, 405)
    assert.doesNotMatch(trace.body, /s3cret/)
    assert.equal((await sendRaw(port, 'CONNECT a:1 HTTP/1.1\r\nHost: x\r\n\r\n')).status, 405)
    assert.equal((await sendRaw(port, 'BREW /echo HTTP/1.1\r\nHost: x\r\n\r\n')).status, 400)
    assert.equal((await sendRaw(port, 'get /echo HTTP/1.1\r\nHost: x\r\n\r\n')).status, 400)
    assert.equal((await sendRaw(port, 'GET /echo\r\n\r\n')).status, 400)
  })

  test('SEC-111 ambiguous framing is refused and the connection closed', async (t) => {
    const { port } = await startServer(t, addEcho)
    const head = 'POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n'
    for (const framing of [
      'Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      'Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}',
      'Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n',
      'Content-Length : 2\r\n\r\n{}',
      'Transfer-Encoding: chunked\r\n\r\n2;\n\r\n{}\r\n0\r\n\r\n'
    ]) {
      const reply = await sendRaw(port, `${head}${framing}GET /names/smuggled HTTP/1.1\r\nHost: x\r\n\r\n`)
      assert.equal(reply.status, 400, framing)
      assert.doesNotMatch(reply.body, /smuggled/)
    }
  })

  test('oversized headers are 431', async (t) => {
    const { port } = await startServer(t, addEcho)
    const large = await sendRaw(port, `GET /echo HTTP/1.1\r\nHost: x\r\nX-A: ${'a'.repeat(20_000)}\r\n\r\n`)
    assert.equal(large.status, 431)
    const many = await sendRaw(port, `GET /echo HTTP/1.1\r\nHost: x\r\n${'A: b\r\n'.repeat(500)}\r\n`)
    assert.equal(many.status, 431)
  })

  test('doubled headers that decide something are refused', async (t) => {
    const { port } = await startServer(t, addEcho)
    for (const name of ['Authorization', 'Host', 'Upload-Offset', 'Origin', 'If-Match', 'range']) {
      const host = name === 'Host' ? '' : 'Host: x\r\n'
      const reply = await sendRaw(port, `GET /names/a HTTP/1.1\r\n${host}${name}: 1\r\n${name}: 2\r\n\r\n`)
      assert.equal(reply.status, 400, name)
    }
  })

  test('a body beyond the limit is 413', async (t) => {
    const { origin } = await startServer(t, addEcho, { limits: { bodyLimit: 100 } })
    const response = await postJson(origin, { name: 'a'.repeat(200) })
    assert.equal(response.status, 413)
    assert.equal(((await response.json()) as { code: string }).code, 'payload_too_large')
  })

  test('malformed and poisoned JSON is 400', async (t) => {
    const { origin } = await startServer(t, addEcho)
    for (const body of ['{', '{"name":"a","__proto__":{"x":1}}', '{"name":"a","constructor":{"prototype":{}}}', '']) {
      const response = await fetch(`${origin}/echo`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body
      })
      assert.equal(response.status, 400, body)
      assert.equal(((await response.json()) as { code: string }).code, 'invalid_request')
    }
  })

  test('X-Request-Id is taken only from a trusted proxy, and only when sane', async (t) => {
    const stranger = await startServer(t, addEcho)
    const proxy = await startServer(t, addEcho, { trustedProxies: ['loopback'] })
    const idOf = async (origin: string, id: string): Promise<string | null> =>
      (await fetch(`${origin}/names/a`, { headers: { 'x-request-id': id } })).headers.get('x-request-id')
    assert.notEqual(await idOf(stranger.origin, 'abcdefgh-1'), 'abcdefgh-1')
    assert.equal(await idOf(proxy.origin, 'abcdefgh-1'), 'abcdefgh-1')
    assert.notEqual(await idOf(proxy.origin, 'a b<script>'), 'a b<script>')
  })

  test('SEC-113 forwarded addresses are believed only from trusted proxies', async (t) => {
    const addIp = (app: HttpApp): void =>
      void app.get('/ip', async (request) => ({ ip: request.ip, protocol: request.protocol }))
    const headers = { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https', 'x-real-ip': '203.0.113.8' }
    const stranger = await startServer(t, addIp)
    assert.deepEqual(await (await fetch(`${stranger.origin}/ip`, { headers })).json(), {
      ip: '127.0.0.1',
      protocol: 'http'
    })
    const proxy = await startServer(t, addIp, { trustedProxies: ['127.0.0.1'] })
    assert.deepEqual(await (await fetch(`${proxy.origin}/ip`, { headers })).json(), {
      ip: '203.0.113.9',
      protocol: 'https'
    })
    const elsewhere = await startServer(t, addIp, { trustedProxies: ['10.0.0.0/8'] })
    assert.deepEqual(await (await fetch(`${elsewhere.origin}/ip`, { headers })).json(), {
      ip: '127.0.0.1',
      protocol: 'http'
    })
  })
})

const addUpload = (
  app: HttpApp,
  handle: (body: Readable | undefined, signal: AbortSignal) => Promise<unknown>
): void => {
  void app.register(async (scope) => {
    streamBodies(scope)
    scope.put('/upload', (request) => handle(request.body as Readable | undefined, request.signal))
  })
}

const countBytes = async (body: Readable | undefined): Promise<{ bytes: number }> => {
  let bytes = 0
  for await (const chunk of body ?? []) bytes += (chunk as Buffer).length
  return { bytes }
}

describe('streamed bodies', () => {
  test('are handed over unparsed, whatever their type and size', async (t) => {
    const { origin } = await startServer(t, (app) => addUpload(app, countBytes), { limits: { bodyLimit: 10 } })
    for (const contentType of ['application/offset+octet-stream', 'application/json', 'text/json\ta', undefined]) {
      const response = await fetch(`${origin}/upload`, {
        method: 'PUT',
        ...(contentType === undefined ? {} : { headers: { 'content-type': contentType } }),
        body: new Uint8Array(100_000)
      })
      assert.equal(response.status, contentType === 'text/json\ta' ? 415 : 200, String(contentType))
      if (response.ok) assert.deepEqual(await response.json(), { bytes: 100_000 })
    }
  })

  test('Expect: 100-continue is answered only when the body is read', async (t) => {
    const { port } = await startServer(t, (app) => {
      addUpload(app, countBytes)
      app.put(
        '/refuse',
        { onRequest: async () => Promise.reject(new CairnError('quota_exceeded', 'Full')) },
        async () => ({})
      )
    })
    const head = (path: string): string =>
      `PUT ${path} HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\nContent-Type: application/octet-stream\r\n\r\n`
    const refused = await sendRaw(port, head('/refuse'))
    assert.equal(refused.status, 507)
    assert.match(refused.head, /connection: close/i)

    const socket = connect(port, '127.0.0.1')
    socket.setEncoding('latin1')
    socket.write(head('/upload'))
    const [first] = (await once(socket, 'data')) as [string]
    assert.match(first, /^HTTP\/1.1 100 Continue\r\n\r\n$/)
    socket.write('hello')
    const [second] = (await once(socket, 'data')) as [string]
    assert.match(second, /^HTTP\/1.1 200/)
    assert.match(second, /\{"bytes":5\}/)
    socket.destroy()
  })

  test('an unknown expectation is 417', async (t) => {
    const { port } = await startServer(t, addEcho)
    assert.equal((await sendRaw(port, 'GET /echo HTTP/1.1\r\nHost: x\r\nExpect: coffee\r\n\r\n')).status, 417)
  })

  test('a refusal without reading the body reaches a client that is still sending', async (t) => {
    const { origin } = await startServer(t, (app) =>
      addUpload(app, () => Promise.reject(new CairnError('locked', 'Busy')))
    )
    const response = await fetch(`${origin}/upload`, { method: 'PUT', body: new Uint8Array(8_000_000) })
    assert.equal(response.status, 423)
    await response.arrayBuffer()
    const again = await fetch(`${origin}/upload`, { method: 'PUT', body: new Uint8Array(10) })
    assert.equal(again.status, 423)
  })

  test('SEC-114 a body that stops moving is cut off; the handler sees the stream fail', async (t) => {
    const outcome = Promise.withResolvers<unknown>()
    const { port } = await startServer(
      t,
      (app) =>
        addUpload(app, (body) => {
          const counting = countBytes(body)
          counting.then(outcome.resolve, outcome.resolve)
          return counting
        }),
      { limits: { sweepInterval: 20, progressWindow: 100, minRate: 1000 } }
    )
    await sendRaw(port, 'PUT /upload HTTP/1.1\r\nHost: x\r\nContent-Type: a/b\r\nContent-Length: 100000\r\n\r\nabc')
    assert.ok((await outcome.promise) instanceof Error)
  })

  test('SEC-114 a JSON body must arrive in time', async (t) => {
    const { port } = await startServer(t, addEcho, { limits: { sweepInterval: 20, bodyTimeout: 100 } })
    const reply = await sendRaw(
      port,
      'POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{'
    )
    assert.doesNotMatch(reply.head, / 200 /)
  })

  test('SEC-114 a reader that stops reading is cut off', async (t) => {
    const ended = Promise.withResolvers<boolean>()
    const { port } = await startServer(
      t,
      (app) =>
        void app.get('/big', async (request, reply) => {
          request.signal.addEventListener('abort', () => ended.resolve(true))
          const block = Buffer.alloc(1_000_000)
          return reply.type('application/octet-stream').send(
            new Readable({
              read() {
                this.push(block)
              }
            })
          )
        }),
      { limits: { sweepInterval: 20, progressWindow: 150, minRate: 1000 } }
    )
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => undefined)
    socket.pause()
    socket.write('GET /big HTTP/1.1\r\nHost: x\r\n\r\n')
    assert.equal(await ended.promise, true)
    socket.destroy()
  })
})

describe('request.signal', () => {
  test('stays quiet for a client that waits, also after a body', async (t) => {
    const { origin } = await startServer(t, (app) => {
      app.post('/slow', async (request) => {
        const { signal } = request
        await new Promise((resolve) => setTimeout(resolve, 50))
        return { aborted: signal.aborted }
      })
    })
    const response = await fetch(`${origin}/slow`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}'
    })
    assert.deepEqual(await response.json(), { aborted: false })
  })

  test('aborts when the client goes', async (t) => {
    const gone = Promise.withResolvers<string>()
    const entered = Promise.withResolvers<void>()
    const { port } = await startServer(t, (app) => {
      app.post('/wait', async (request) => {
        request.signal.addEventListener('abort', () => gone.resolve((request.signal.reason as Error).name))
        entered.resolve()
        await gone.promise
        return {}
      })
    })
    const client = httpRequest({
      port,
      host: '127.0.0.1',
      method: 'POST',
      path: '/wait',
      headers: { 'content-type': 'application/json' }
    })
    client.on('error', () => undefined)
    client.end('{}')
    await entered.promise
    client.destroy()
    assert.equal(await gone.promise, 'ClientGoneError')
  })
})
