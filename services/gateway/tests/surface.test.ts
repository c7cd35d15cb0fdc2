import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { describe, test } from 'node:test'
import { httpRoutes, type Identity, problemResponses, requireIdentity, streamBodies } from '@cairn/http'
import { Type } from 'typebox'
import { startGateway } from './_gateway.ts'

const echo = httpRoutes((app) => {
  app.post(
    '/v1/things/:id',
    {
      schema: {
        tags: ['things'],
        summary: 'Change a thing',
        params: Type.Object({ id: Type.String() }),
        body: Type.Object({ name: Type.String() }, { additionalProperties: false }),
        response: { 200: Type.Object({ id: Type.String() }), ...problemResponses('not_found', 'name_taken', 'stale') }
      }
    },
    async (request) => ({ id: request.params.id })
  )
  app.register(async (scope) => {
    streamBodies(scope)
    scope.put(
      '/v1/files/*',
      { schema: { summary: 'Put a file', params: Type.Object({ '*': Type.String() }) } },
      async () => ({})
    )
  })
  app.get('/v1/headers', async (request) => request.headers)
  app.get('/v1/cached', async (_request, reply) => reply.header('cache-control', 'private, max-age=60').send({}))
  app.get('/v1/broken', async () => {
    throw new Error('secret inside')
  })
})

const REQUIRED_HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'strict-origin-when-cross-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-frame-options': 'DENY'
}

describe('headers', () => {
  test('SEC-133 every answer carries them, errors and pages included', async (t) => {
    const { origin } = await startGateway(t, { routes: { echo } })
    for (const path of [
      '/',
      '/v1/headers',
      '/v1/broken',
      '/nowhere',
      '/livez',
      '/readyz',
      '/v1/openapi.json',
      '/v1/docs',
      '/assets/cairn.css'
    ]) {
      const response = await fetch(`${origin}${path}`)
      await response.arrayBuffer()
      for (const [name, value] of Object.entries(REQUIRED_HEADERS))
        assert.equal(response.headers.get(name), value, `${path} ${name}`)
      const policy = response.headers.get('content-security-policy') ?? ''
      assert.match(policy, /default-src 'none'/, path)
      assert.match(policy, /frame-ancestors 'none'/, path)
      assert.doesNotMatch(policy, /script-src[^;]*unsafe/, path)
      assert.equal(response.headers.get('server'), null)
      assert.equal(response.headers.get('x-powered-by'), null)
      assert.equal(response.headers.get('strict-transport-security'), null)
    }
  })

  test('SEC-133 answers of the API are not stored unless the route says so', async (t) => {
    const { origin } = await startGateway(t, { routes: { echo } })
    assert.equal((await fetch(`${origin}/v1/headers`)).headers.get('cache-control'), 'no-store')
    assert.equal((await fetch(`${origin}/v1/broken`)).headers.get('cache-control'), 'no-store')
    assert.equal((await fetch(`${origin}/v1/cached`)).headers.get('cache-control'), 'private, max-age=60')
  })

  test('HSTS is sent when users reach us by https', async (t) => {
    const { origin } = await startGateway(t, { host: { publicOrigin: 'https://files.example.org' } })
    assert.equal(
      (await fetch(`${origin}/livez`)).headers.get('strict-transport-security'),
      'max-age=63072000; includeSubDomains'
    )
  })

  test('SEC-037 identity headers never reach a route, however they are spelled', async (t) => {
    const { port } = await startGateway(t, { routes: { echo } })
    const names = [
      'X-User-Id',
      'x_user_id',
      'X-Auth-Roles',
      'X-Auth-Request-User',
      'Remote-User',
      'X-Remote-User',
      'X-Forwarded-User',
      'X-Roles',
      'X-WEBAUTH-USER',
      'X-Authenticated-User'
    ]
    const lines = names.map((name) => `${name}: root\r\n${name}: admin`).join('\r\n')
    const reply = await rawRequest(
      port,
      `GET /v1/headers HTTP/1.1\r\nHost: x\r\nConnection: close, X-User-Id\r\n${lines}\r\n\r\n`
    )
    assert.match(reply, /^HTTP\/1.1 200/)
    assert.doesNotMatch(reply, /root|admin/)
  })

  test('SEC-113 forwarding headers of strangers never reach a route; those of a trusted proxy do', async (t) => {
    const headers = {
      'x-forwarded-for': '203.0.113.9',
      forwarded: 'for=203.0.113.9',
      'x-real-ip': '203.0.113.9',
      x_forwarded_for: '203.0.113.9'
    }
    const stranger = await startGateway(t, { routes: { echo } })
    assert.doesNotMatch(await (await fetch(`${stranger.origin}/v1/headers`, { headers })).text(), /203\.0\.113\.9/)
    const proxied = await startGateway(t, { routes: { echo }, env: { CAIRN_TRUSTED_PROXIES: 'loopback' } })
    const seen = (await (await fetch(`${proxied.origin}/v1/headers`, { headers })).json()) as Record<string, string>
    assert.equal(seen['x-forwarded-for'], '203.0.113.9')
    assert.equal(seen['x_forwarded_for'], undefined)
  })
})

describe('CORS', () => {
  const preflight = (origin: string, from: string): Promise<Response> =>
    fetch(`${origin}/v1/headers`, {
      method: 'OPTIONS',
      headers: { origin: from, 'access-control-request-method': 'PATCH' }
    })

  test('SEC-092 is closed by default', async (t) => {
    const { origin } = await startGateway(t, { routes: { echo } })
    for (const from of ['null', 'https://evil.test', 'http://localhost:8080']) {
      assert.equal((await preflight(origin, from)).headers.get('access-control-allow-origin'), null)
      const simple = await fetch(`${origin}/v1/headers`, { headers: { origin: from } })
      assert.equal(simple.headers.get('access-control-allow-origin'), null)
    }
  })

  test('SEC-092 lets exactly the listed origins in, without credentials', async (t) => {
    const { origin } = await startGateway(t, { routes: { echo }, env: { CAIRN_CORS_ORIGINS: 'https://app.example' } })
    const allowed = await preflight(origin, 'https://app.example')
    assert.equal(allowed.status, 204)
    assert.equal(allowed.headers.get('access-control-allow-origin'), 'https://app.example')
    assert.equal(allowed.headers.get('access-control-allow-credentials'), null)
    assert.match(allowed.headers.get('access-control-allow-methods') ?? '', /PATCH/)
    const simple = await fetch(`${origin}/v1/headers`, { headers: { origin: 'https://app.example' } })
    assert.equal(simple.status, 200)
    const exposed = simple.headers.get('access-control-expose-headers') ?? ''
    for (const name of ['upload-offset', 'upload-concat', 'upload-defer-length', 'cairn-node-id', 'cairn-version-id']) {
      assert.ok(exposed.split(', ').includes(name), name)
    }
    assert.match(allowed.headers.get('access-control-allow-headers') ?? '', /x-http-method-override/)
    assert.equal(simple.headers.get('vary'), 'Origin')
    for (const from of [
      'null',
      'http://app.example',
      'https://app.example.evil',
      'https://sub.app.example',
      'https://app.example:444'
    ]) {
      assert.equal((await preflight(origin, from)).headers.get('access-control-allow-origin'), null, from)
    }
  })
})

describe('API description', () => {
  test('is OpenAPI 3.1 of all mounted routes, with their errors', async (t) => {
    const { origin } = await startGateway(t, { routes: { echo } })
    const description = (await (await fetch(`${origin}/v1/openapi.json`)).json()) as {
      openapi: string
      info: { version: string }
      components: { schemas: Record<string, unknown> }
      paths: Record<string, Record<string, Operation>>
    }
    assert.equal(description.openapi, '3.1.0')
    assert.equal(description.info.version, '1.2.3')
    const operation = description.paths['/v1/things/{id}']?.['post']
    assert.deepEqual(operation?.tags, ['things'])
    assert.deepEqual(Object.keys(operation?.responses ?? {}).toSorted(), ['200', '404', '409'])
    assert.deepEqual(operation?.responses['409']?.content['application/problem+json'], {
      schema: { $ref: '#/components/schemas/Problem' }
    })
    assert.ok(description.components.schemas['Problem'])
    const put = description.paths['/v1/files/{path}']?.['put']
    assert.deepEqual(
      put?.parameters?.map(({ name }) => name),
      ['path']
    )
    assert.ok(put?.requestBody?.content['application/octet-stream'])
    assert.match(operation?.responses['409']?.description ?? '', /name_taken.*stale/)
    assert.ok(description.paths['/readyz'])
    assert.equal(description.paths['/'], undefined)
  })

  test('can be browsed without asking anybody else', async (t) => {
    const { origin } = await startGateway(t, { routes: { echo } })
    const page = await fetch(`${origin}/v1/docs/`)
    assert.equal(page.status, 200)
    const html = await page.text()
    assert.doesNotMatch(html, /https?:\/\/(?!www\.w3\.org)/)
    assert.doesNotMatch(html, /<script(?![^>]*src=)/)
    for (const [, path] of html.matchAll(/(?:src|href)="([^"]+)"/g)) {
      const file = await fetch(new URL(path ?? '', `${origin}/v1/docs/`))
      assert.equal(file.status, 200, String(path))
      await file.arrayBuffer()
    }
    const initializer = await (await fetch(`${origin}/v1/docs/static/swagger-initializer.js`)).text()
    assert.match(initializer, /"validatorUrl":\s*null/)
  })
})

describe('first page', () => {
  test('is plain HTML with one style sheet, and its links work', async (t) => {
    const { origin } = await startGateway(t)
    const page = await fetch(origin)
    assert.equal(page.headers.get('content-type'), 'text/html; charset=utf-8')
    const html = await page.text()
    assert.doesNotMatch(html, /<script|<style|style=|\son\w+=/)
    for (const [, path] of html.matchAll(/(?:src|href)="(\/[^"]*)"/g)) {
      const response = await fetch(`${origin}${path}`)
      assert.equal(response.status, 200, String(path))
      await response.arrayBuffer()
    }
  })

  test('makes way for a web application', async (t) => {
    const web = httpRoutes((app) => {
      app.get('/', async (_request, reply) => reply.type('text/html').send('<p>app</p>'))
    })
    const { origin } = await startGateway(t, { routes: { web } })
    assert.equal(await (await fetch(origin)).text(), '<p>app</p>')
  })
})

describe('limits', () => {
  test('SEC-079 a source is limited, with Retry-After; forged addresses do not help', async (t) => {
    const { origin } = await startGateway(t, { routes: { echo }, env: { CAIRN_RATE_LIMIT_ADDRESS: '5' } })
    const statuses: number[] = []
    for (let count = 0; count < 8; count += 1) {
      const response = await fetch(`${origin}/v1/headers`, { headers: { 'x-forwarded-for': `203.0.113.${count}` } })
      statuses.push(response.status)
      if (response.status === 429) assert.match(response.headers.get('retry-after') ?? '', /^\d+$/)
      await response.arrayBuffer()
    }
    assert.deepEqual(statuses, [200, 200, 200, 200, 200, 429, 429, 429])
  })

  test('SEC-113 behind a trusted proxy each client has its own limit', async (t) => {
    const { origin } = await startGateway(t, {
      routes: { echo },
      env: { CAIRN_RATE_LIMIT_ADDRESS: '2', CAIRN_TRUSTED_PROXIES: '127.0.0.1' }
    })
    const statusFor = async (client: string): Promise<number> =>
      (await fetch(`${origin}/v1/headers`, { headers: { 'x-forwarded-for': client } })).status
    assert.deepEqual(
      [await statusFor('203.0.113.1'), await statusFor('203.0.113.1'), await statusFor('203.0.113.1')],
      [200, 200, 429]
    )
    assert.equal(await statusFor('203.0.113.2'), 200)
    assert.deepEqual(
      [await statusFor('2001:db8::1'), await statusFor('2001:db8::2'), await statusFor('2001:db8:0:0:9::3')],
      [200, 200, 429]
    )
  })

  test('a user is limited over all addresses', async (t) => {
    const identity: Identity = { userId: 'u1', credentialId: 's', credential: 'session', admin: false, scopes: ['*'] }
    const routes = httpRoutes((app) => {
      const onRequest = requireIdentity({
        verify: async (request) => ({ ...identity, userId: String(request.headers['x-who']) })
      })
      app.get('/v1/mine', { onRequest }, async (request) => ({ id: request.identity.userId }))
    })
    const { origin } = await startGateway(t, { routes: { routes }, env: { CAIRN_RATE_LIMIT_USER: '2' } })
    const statusFor = async (who: string): Promise<number> =>
      (await fetch(`${origin}/v1/mine`, { headers: { 'x-who': who } })).status
    assert.deepEqual(
      [await statusFor('a'), await statusFor('a'), await statusFor('a'), await statusFor('b')],
      [200, 200, 429, 200]
    )
  })
})

interface Operation {
  readonly tags: readonly string[]
  readonly parameters?: readonly { readonly name: string }[]
  readonly requestBody?: { readonly content: Readonly<Record<string, unknown>> }
  readonly responses: Readonly<Record<string, { content: Record<string, unknown>; description: string }>>
}

const rawRequest = (port: number, bytes: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    let received = ''
    socket.setEncoding('utf8')
    socket.on('data', (chunk: string) => {
      received += chunk
    })
    socket.on('end', () => resolve(received))
    socket.on('error', reject)
    socket.write(bytes)
  })
