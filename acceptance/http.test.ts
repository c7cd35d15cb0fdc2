import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Client, createUser } from './_api.ts'
import { expectProblem, expectStatus, type Reply, withoutRequestId } from './_http.ts'
import { sendRaw } from './_raw.ts'
import { createWorld } from './_world.ts'

const { server, admin } = await createWorld()
const anonymous = new Client(server.url)
const P = '/v1/drives/personal'
const user = await createUser(admin)
const AUTH = `Authorization: ${user.authorization}\r\n`

test('SEC-111 ambiguous framing is refused, the connection closed, nothing smuggled', async () => {
  const head = `POST ${P}/folders HTTP/1.1\r\nHost: x\r\n${AUTH}Content-Type: application/json\r\n`
  const json = '{"name":"outer"}'
  const smuggled = `POST ${P}/folders HTTP/1.1\r\nHost: x\r\n${AUTH}Content-Type: application/json\r\nContent-Length: 19\r\n\r\n{"name":"smuggled"}`
  const chunk = `${json.length.toString(16)}\r\n${json}\r\n0\r\n\r\n`
  const cases: Record<string, string> = {
    'CL and TE': `Content-Length: ${json.length}\r\nTransfer-Encoding: chunked\r\n\r\n${chunk}`,
    'TE and CL': `Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n${chunk}`,
    'two lengths': `Content-Length: ${json.length}\r\nContent-Length: 5\r\n\r\n${json}`,
    'two equal lengths': `Content-Length: ${json.length}\r\nContent-Length: ${json.length}\r\n\r\n${json}`,
    'length list': `Content-Length: ${json.length}, ${json.length}\r\n\r\n${json}`,
    'signed length': `Content-Length: +${json.length}\r\n\r\n${json}`,
    'hex length': `Content-Length: 0x10\r\n\r\n${json}`,
    'TE xchunked': `Transfer-Encoding: xchunked\r\n\r\n${chunk}`,
    'TE identity, chunked': `Transfer-Encoding: identity, chunked\r\n\r\n${chunk}`,
    'TE chunked twice': `Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n${chunk}`,
    'TE with tab': `Transfer-Encoding:\u000bchunked\r\n\r\n${chunk}`,
    'TE folded': `Transfer-Encoding:\r\n chunked\r\n\r\n${chunk}`,
    'space before colon': `Content-Length : ${json.length}\r\n\r\n${json}`,
    'space before TE colon': `Transfer-Encoding : chunked\r\n\r\n${chunk}`,
    'bare LF': `Content-Length: ${json.length}\n\n${json}`,
    'bare CR': `Content-Length: ${json.length}\rX: y\r\n\r\n${json}`,
    'CR LF CR': `Content-Length: ${json.length}\r\n\rX: y\r\n\r\n${json}`,
    'chunk extension LF': `Transfer-Encoding: chunked\r\n\r\n${json.length.toString(16)};\n\r\n${json}\r\n0\r\n\r\n`,
    'chunk size sign': `Transfer-Encoding: chunked\r\n\r\n+${json.length.toString(16)}\r\n${json}\r\n0\r\n\r\n`,
    'chunk size underscore': `Transfer-Encoding: chunked\r\n\r\n1_0\r\n${json}\r\n0\r\n\r\n`,
    'header without colon': `Content-Length: ${json.length}\r\nX-Nothing\r\n\r\n${json}`,
    'NUL in a header': `Content-Length: ${json.length}\r\nX: a\u0000b\r\n\r\n${json}`
  }
  const replies = await Promise.all(Object.values(cases).map((framing) => sendRaw(server, head + framing + smuggled)))
  for (const [index, name] of Object.keys(cases).entries()) {
    const reply = replies[index]
    assert.equal(reply?.status, 400, `${name}: ${reply?.text.slice(0, 200)}`)
    assert.equal(reply?.answers, 1, name)
    assert.match(reply?.text ?? '', /connection: close/i, name)
  }
  assert.deepEqual(await user.children((await user.drive()).rootId), [])
  const trailers = `POST ${P}/folders HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nTrailer: Authorization\r\nConnection: close\r\n\r\n${chunk.slice(0, -2)}${AUTH}\r\n`
  assert.equal((await sendRaw(server, trailers)).status, 401, 'credentials in trailers count for nothing')
})

test('SEC-111 honest pipelining is answered in order', async () => {
  const get = (path: string, last = false) =>
    `GET ${path} HTTP/1.1\r\nHost: x\r\n${last ? 'Connection: close\r\n' : ''}\r\n`
  const { text, answers } = await sendRaw(server, get('/livez') + get('/v1/nowhere') + get('/livez', true))
  assert.equal(answers, 3)
  assert.deepEqual(
    [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status),
    ['200', '404', '200']
  )
})

test('SEC-115 what is not exactly JSON is refused, never half-read', async () => {
  const body = '{"name":"typed","isAdmin":true}'
  const types = [
    'application/json\ta',
    ' text/json',
    'text/json',
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json; charset=utf-16',
    'application/json;x',
    'application/problem+json',
    'application/json, text/plain',
    '*/*',
    'application/xml'
  ]
  for (const type of types) {
    const head = `POST ${P}/folders HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${AUTH}Content-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n${body}`
    assert.equal((await sendRaw(server, head)).status, 415, type)
  }
  for (const type of [
    'application/json',
    'APPLICATION/JSON',
    'application/json; charset=utf-8',
    ' application/json '
  ]) {
    const head = `POST ${P}/folders HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${AUTH}Content-Type:${type}\r\nContent-Length: ${body.length}\r\n\r\n${body}`
    assert.equal((await sendRaw(server, head)).status, 400, `${type} is validated: the unknown field is refused`)
  }
  const doubled = `POST ${P}/folders HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${AUTH}Content-Type: application/json\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}`
  assert.equal((await sendRaw(server, doubled)).status, 400)
  for (const bad of [
    '{',
    '[]',
    '"x"',
    'null',
    '{"name":"a","name":1}',
    '{"__proto__":{"name":"x"}}',
    '\ufeff{}',
    '{"name":"a"}x',
    ''
  ]) {
    const reply = await user.send({
      method: 'POST',
      path: `${P}/folders`,
      headers: { 'content-type': 'application/json' },
      body: bad
    })
    assert.equal(reply.status, 400, `${bad}: ${reply.text}`)
  }
})

test('SEC-069 compressed requests are refused, not expanded', async () => {
  for (const encoding of ['gzip', 'zstd', 'br', 'gzip, gzip', 'identity, gzip']) {
    const headers = { 'content-type': 'application/json', 'content-encoding': encoding }
    const reply = await user.send({ method: 'POST', path: `${P}/folders`, headers, body: '{"name":"z"}' })
    assert.ok([400, 415].includes(reply.status), `${encoding}: ${reply.status}`)
  }
})

test('SEC-125 odd methods and protocols are refused and not reflected', async () => {
  const secret = 'X-Secret: s3cret\r\n'
  const cases: [string, number[]][] = [
    [`TRACE / HTTP/1.1\r\nHost: x\r\n${secret}\r\n`, [405]],
    [`CONNECT 127.0.0.1:1 HTTP/1.1\r\nHost: x\r\n${secret}\r\n`, [405]],
    [`BREW / HTTP/1.1\r\nHost: x\r\n${secret}\r\n`, [400, 405]],
    [`get / HTTP/1.1\r\nHost: x\r\n${secret}\r\n`, [400, 405]],
    ['GET /\r\n\r\n', [400]],
    [`GET / HTTP/1.1\r\n${secret}\r\n`, [400]],
    ['GET / HTTP/3.0\r\nHost: x\r\n\r\n', [400, 505]],
    ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', [400, 505]],
    ['GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n', [400]],
    ['GET http://evil.example/ HTTP/1.1\r\nHost: x\r\n\r\n', [400]],
    ['\u0016\u0003\u0001\u0002', [400, 0]]
  ]
  for (const [text, statuses] of cases) {
    const reply = await sendRaw(server, text)
    assert.ok(statuses.includes(reply.status), `${JSON.stringify(text)}: ${reply.status}`)
    assert.ok(!reply.text.includes('s3cret'))
  }
  for (const [method, path] of [
    ['PATCH', '/livez'],
    ['DELETE', '/v1/drives'],
    ['PUT', '/v1/auth/login'],
    ['PROPFIND', P]
  ] as const) {
    const reply = await user.send({ method, path })
    expectProblem(reply, reply.status === 405 ? 405 : 404)
  }
  const upgrade =
    'GET /livez HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n'
  assert.notEqual((await sendRaw(server, upgrade)).status, 101)
})

test('SEC-037 identity that a client claims in headers counts for nothing', async () => {
  const stranger = await createUser(admin)
  const claims = [
    'X-User-Id',
    'x_user_id',
    'X-Auth-Roles',
    'X-Auth-User',
    'X-Forwarded-User',
    'Remote-User',
    'X-Remote-User',
    'X-Admin',
    'X-Cairn-User',
    'X-Cairn-Identity'
  ]
  const headers = Object.fromEntries(claims.map((name) => [name, admin.id]))
  expectProblem(await anonymous.get('/v1/auth/me', { headers }), 401)
  const me = expectStatus(await stranger.get('/v1/auth/me', { headers }), 200).json<{ id: string; admin: boolean }>()
  assert.deepEqual([me.id, me.admin], [stranger.id, false])
  expectProblem(await stranger.get('/v1/auth/admin/users', { headers }), 403)
  const named = { ...headers, connection: 'x-user-id, authorization' }
  expectStatus(await stranger.get('/v1/auth/me', { headers: named }), 200)
  const rpc = await anonymous.post('/cairn.metadata.v1.MetadataService/Commit', { userId: admin.id }, { headers })
  expectProblem(rpc, 404)
})

test('SEC-113 the address of a client is the address it comes from', async () => {
  const forwarded = {
    'x-forwarded-for': '203.0.113.9',
    'x-real-ip': '203.0.113.9',
    forwarded: 'for=203.0.113.9',
    'cf-connecting-ip': '203.0.113.9'
  }
  const login = { username: user.username, password: user.password, device: 'forwarded' }
  expectStatus(await anonymous.post('/v1/auth/login', login, { headers: forwarded, localAddress: '127.0.0.77' }), 200)
  const { items } = (await user.get('/v1/auth/sessions')).json<{ items: { device: string; ip: string }[] }>()
  assert.equal(items.find(({ device }) => device === 'forwarded')?.ip, '127.0.0.77')
  const id = 'chosen-by-the-client'
  const reply = await anonymous.get('/v1/nowhere', { headers: { 'x-request-id': id } })
  assert.notEqual(reply.headers['x-request-id'], id)
})

test('SEC-092 no origin may read with a script, preflight or not', async () => {
  for (const origin of [
    'null',
    'https://evil.example',
    `${server.url}.evil.example`,
    'http://localhost',
    'http://127.0.0.1',
    server.url
  ]) {
    for (const path of ['/v1/drives', `${P}/files/x`, '/v1/uploads', '/readyz', '/v1/nowhere']) {
      const get = await user.get(path, { headers: { origin } })
      const headers = {
        origin,
        'access-control-request-method': 'PUT',
        'access-control-request-headers': 'authorization'
      }
      const preflight = await anonymous.send({ method: 'OPTIONS', path, headers })
      for (const reply of [get, preflight]) {
        assert.equal(reply.headers['access-control-allow-origin'], undefined, `${path} for ${origin}`)
        assert.equal(reply.headers['access-control-allow-credentials'], undefined)
      }
    }
  }
})

test('SEC-129 what is for operators is not for the public', async () => {
  const near = { 'x-forwarded-for': '127.0.0.1' }
  expectProblem(await anonymous.get('/metrics', { headers: near }), 404)
  expectProblem(await user.get('/metrics'), 404)
  for (const path of [
    '/debug',
    '/debug/pprof',
    '/administrator',
    '/.env',
    '/server-status',
    '/v1/internal',
    '/v1/debug',
    '/package.json',
    '/.git/config',
    '/v1/docs/../metrics'
  ]) {
    const reply = await anonymous.get(path, { headers: near })
    assert.ok(reply.status === 404 || reply.status === 400, `${path}: ${reply.status}`)
  }
  const ready = (await anonymous.get('/readyz', { headers: near })).json<{ checks: Record<string, object> }>()
  for (const check of Object.values(ready.checks)) assert.ok(!('error' in check))
  for (const path of ['/v1/admin/storage/doctor', '/v1/admin/storage/gc']) {
    expectProblem(await anonymous.post(path, {}), 401)
    expectProblem(await user.post(path, {}), 403)
  }
})

const PAGE_HEADERS: Record<string, RegExp> = {
  'content-security-policy': /default-src 'none'.*frame-ancestors 'none'|sandbox/,
  'x-content-type-options': /^nosniff$/,
  'referrer-policy': /./,
  'cross-origin-opener-policy': /^same-origin$/,
  'cross-origin-resource-policy': /^same-(origin|site)$/,
  'permissions-policy': /./,
  'x-frame-options': /^DENY$/
}

const requireHeaders = (reply: Reply): void => {
  for (const [name, pattern] of Object.entries(PAGE_HEADERS)) {
    assert.match(String(reply.headers[name]), pattern, `${reply.what}: ${name}`)
  }
  assert.equal(reply.headers['x-powered-by'], undefined)
  assert.equal(reply.headers['server'], undefined)
}

test('SEC-133 every answer carries the security headers, errors and downloads too', async () => {
  await user.store('headers.html', '<p>x</p>')
  for (const path of [
    '/',
    '/v1/docs',
    '/v1/openapi.json',
    '/livez',
    '/readyz',
    '/v1/drives',
    '/v1/nowhere',
    `${P}/files/headers.html`,
    `${P}/files/none`,
    '/favicon.svg',
    '/assets/cairn.css'
  ]) {
    requireHeaders(await user.get(path))
  }
  requireHeaders(await anonymous.get('/v1/drives'))
  requireHeaders(await user.post(`${P}/folders`, { name: '' }))
  requireHeaders(await user.send({ method: 'OPTIONS', path: '/v1/uploads' }))
  requireHeaders(await user.send({ method: 'HEAD', path: `${P}/files/headers.html` }))
  const api = await user.get('/v1/drives')
  assert.match(String(api.headers['cache-control']), /no-store/)
  const cookies = Array.from({ length: 100 }, (_, index) => `c${index}=v`).join('; ')
  assert.ok((await anonymous.get('/v1/drives', { headers: { cookie: cookies } })).status < 500)
  const twice = { cookie: 'cairn-access=a; cairn-access=b' }
  expectProblem(await anonymous.get('/v1/drives', { headers: twice }), 401)
  const huge = await sendRaw(server, `GET / HTTP/1.1\r\nHost: x\r\nCookie: ${'a'.repeat(40_000)}\r\n\r\n`)
  assert.equal(huge.status, 431)
  const many = await sendRaw(server, `GET / HTTP/1.1\r\nHost: x\r\n${'A: b\r\n'.repeat(400)}\r\n`)
  assert.equal(many.status, 431)
})

test('errors are problem documents with a stable code, whatever went wrong', async () => {
  expectProblem(await user.get('/v1/nowhere'), 404, 'not_found')
  expectProblem(await user.get(`${P}/nodes/not-a-uuid`), 400, 'invalid_request')
  expectProblem(await user.get('/v1/drives/not-a-drive'), 400)
  expectProblem(await user.get(`${P}/files/%zz`), 400, 'invalid_url')
  expectProblem(await user.get('/v1/drives/'), 400)
  expectProblem(await user.get('/V1/drives'), 404)
  expectProblem(await user.post(`${P}/folders`, { name: 'x'.repeat(2_000_000) }), 413, 'payload_too_large')
  const [first, second] = [await user.get('/v1/nowhere'), await user.get('/v1/nowhere')]
  assert.notEqual(first.headers['x-request-id'], second.headers['x-request-id'])
  assert.equal(first.json<{ requestId: string }>().requestId, first.headers['x-request-id'])
  assert.equal(withoutRequestId(first), withoutRequestId(second))
})

test('whoever is still sending what is too large, or not allowed, reads the refusal instead of a reset', async () => {
  const large = JSON.stringify({ name: 'x'.repeat(8_000_000) })
  const headers = { 'content-type': 'application/json' }
  for (let round = 0; round < 10; round += 1) {
    expectProblem(await user.send({ method: 'POST', path: `${P}/folders`, headers, body: large }), 413)
    expectProblem(await anonymous.put(`${P}/files/large.bin`, large), 401)
    expectProblem(await user.put(`${P}/files/no/folder/large.bin`, large), 404)
  }
})

test('SEC-117 patterns and long strings are literals', async () => {
  const long = 'a'.repeat(3000)
  for (const path of [`/${'('.repeat(1000)}`, `/${long}!`, '/****', '/(a+)+$', `/%25${long}`]) {
    const started = performance.now()
    const reply = await user.get(`${P}/resolve?path=${encodeURIComponent(path)}`)
    assert.ok(reply.status === 404 || reply.status === 400)
    assert.ok(performance.now() - started < 1000)
  }
  const accept = `${'text/html;q=0.1,'.repeat(500)}*/*`
  assert.ok(
    (
      await user.get('/v1/drives', {
        headers: { accept, 'accept-encoding': accept, 'if-none-match': `"${long}",`.repeat(3) }
      })
    ).status < 500
  )
})
