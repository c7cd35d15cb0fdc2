import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ApiError, createClient, NetworkError, ProtocolError } from '../src/index.ts'
import { fakeWorld, json, problem } from './_fake.ts'

test('a problem document becomes an ApiError', async () => {
  const { client } = fakeWorld(() => problem(409, 'name_taken'))
  await assert.rejects(client.nodes.get('personal', 'n'), (error) => {
    assert.ok(error instanceof ApiError)
    const { status, code, detail, requestId, retryAfter, extras } = error
    assert.deepEqual(
      { status, code, detail, requestId, retryAfter, extras },
      {
        status: 409,
        code: 'name_taken',
        detail: 'about name_taken',
        requestId: 'r-1',
        retryAfter: undefined,
        extras: { hint: 7 }
      }
    )
    return true
  })
})

test('a refusal that is no problem document still has a status and a code', async () => {
  const { client } = fakeWorld(() => new Response('<html>', { status: 404, headers: { 'x-request-id': 'q' } }))
  await assert.rejects(client.drives.list(), { name: 'ApiError', status: 404, code: 'http_404', requestId: 'q' })
})

test('an answer that is not JSON is a ProtocolError', async () => {
  const { client } = fakeWorld(() => new Response('<html>'))
  await assert.rejects(client.drives.list(), ProtocolError)
})

test('transient failures are tried again, with pauses that grow', async () => {
  let tries = 0
  const { client, pauses } = fakeWorld(() => {
    tries += 1
    if (tries === 1) throw new TypeError('fetch failed', { cause: new Error('ECONNREFUSED') })
    if (tries < 4) return problem(503, 'unavailable')
    return json({ items: [] })
  })
  assert.deepEqual(await client.drives.list(), [])
  assert.deepEqual(pauses, [100, 200, 400])
})

test('Retry-After is waited for, as seconds and as a date', async () => {
  const at = new Date(1_000_000 + 9_000).toUTCString()
  const answers = [
    problem(429, 'rate_limited', { 'retry-after': '2' }),
    problem(503, 'unavailable', { 'retry-after': at }),
    json({ items: [] })
  ]
  const { client, pauses } = fakeWorld(() => answers.shift() ?? problem(500, 'internal'))
  await client.drives.list()
  assert.deepEqual([pauses.length, pauses[0]], [2, 2050])
  assert.ok((pauses[1] ?? 0) >= 5_000 && (pauses[1] ?? 0) <= 8_000)
})

test('a wait beyond the deadline is not begun: the error says how long', async () => {
  const { client, pauses } = fakeWorld(() => problem(429, 'rate_limited', { 'retry-after': '3600' }))
  await assert.rejects(client.drives.list(), { status: 429, retryAfter: 3600 })
  assert.deepEqual(pauses, [])
})

test('what may have had an effect is repeated only with an idempotency key', async () => {
  const login = fakeWorld(() => problem(503, 'unavailable'))
  await assert.rejects(login.client.auth.login({ username: 'a', password: 'b' }), ApiError)
  assert.equal(login.sent.length, 1)
  const folder = fakeWorld(() => problem(503, 'unavailable'))
  await assert.rejects(folder.client.nodes.makeFolder('personal', { parentId: 'p', name: 'n' }), ApiError)
  assert.equal(folder.sent.length, 5)
  assert.equal(new Set(folder.sent.map(({ headers }) => headers.get('idempotency-key'))).size, 1)
})

test('definitive refusals are not repeated', async () => {
  for (const status of [400, 403, 404, 409, 413, 500, 507]) {
    const { client, sent } = fakeWorld(() => problem(status, 'x'))
    await assert.rejects(client.drives.list(), { status })
    assert.equal(sent.length, 1)
  }
})

test('a body that breaks off is a network failure and is asked for again', async () => {
  let tries = 0
  const { client } = fakeWorld(() => {
    tries += 1
    if (tries > 1) return json({ items: [] })
    const broken = new ReadableStream({
      start: (controller) => {
        controller.enqueue(new TextEncoder().encode('{"items"'))
        controller.error(new Error('reset'))
      }
    })
    return new Response(broken)
  })
  assert.deepEqual(await client.drives.list(), [])
})

test('an abort rejects with its reason, while sending and while pausing', async () => {
  const sending = new AbortController()
  const hanging = fakeWorld(
    (_request, signal) =>
      new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))
  )
  const call = hanging.client.drives.list({ signal: sending.signal })
  sending.abort(new Error('enough'))
  await assert.rejects(call, { message: 'enough' })

  const pausing = new AbortController()
  const failing = fakeWorld(() => {
    pausing.abort(new Error('enough'))
    return problem(503, 'unavailable')
  })
  await assert.rejects(failing.client.drives.list({ signal: pausing.signal }))
  assert.equal(failing.sent.length, 1)
})

test('a server that does not answer in time is a network failure', async () => {
  const { client } = fakeWorld(
    (_request, signal) =>
      new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
    { timeoutMs: 5, retry: { attempts: 1 } }
  )
  await assert.rejects(client.drives.list(), (error) => error instanceof NetworkError && /0.005 s/.test(error.message))
})

test('segments of paths cannot leave their place', async () => {
  const { client, sent } = fakeWorld(() => json({}))
  await client.nodes.get('personal', 'a/../../x?y#z')
  assert.equal(sent[0]?.url.pathname, '/v1/drives/personal/nodes/a%2F..%2F..%2Fx%3Fy%23z')
  for (const bad of ['', '.', '..']) assert.throws(() => client.nodes.get(bad, 'n'), TypeError)
  assert.equal(sent.length, 1)
})

test('the address must be plain http(s); a prefix is kept', async () => {
  for (const baseUrl of ['ftp://x', 'http://u:p@x', 'http://x?y', 'x']) assert.throws(() => createClient({ baseUrl }))
  const { client, sent } = fakeWorld(() => json({ items: [] }), { baseUrl: 'http://server.test/cairn/' })
  await client.drives.list()
  assert.equal(sent[0]?.url.href, 'http://server.test/cairn/v1/drives')
})

test('lists go on from cursor to cursor, and no further than asked', async () => {
  const { client, sent } = fakeWorld(({ url }) => {
    const from = Number(url.searchParams.get('cursor') ?? 0)
    return json({ items: [{ name: from }, { name: from + 1 }], nextCursor: from < 4 ? String(from + 2) : null })
  })
  assert.equal((await Array.fromAsync(client.nodes.children('personal', 'f'))).length, 6)
  sent.length = 0
  for await (const node of client.nodes.children('personal', 'f')) if (Number(node.name) === 1) break
  assert.equal(sent.length, 1)
})

test('content: ranges, size and version', async () => {
  const { client, sent } = fakeWorld(
    () => new Response('cde', { status: 206, headers: { etag: '"v"', 'content-range': 'bytes 2-4/9' } })
  )
  const content = await client.content.read('personal', 'n', { start: 2, end: 5, version: 'v' })
  assert.deepEqual([content.size, content.etag], [9, '"v"'])
  assert.equal(Buffer.concat(await Array.fromAsync(content.bytes)).toString(), 'cde')
  assert.equal(sent[0]?.headers.get('range'), 'bytes=2-4')
  assert.equal(sent[0]?.url.search, '?version=v')
})
