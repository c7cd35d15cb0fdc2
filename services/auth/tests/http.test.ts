import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PASSWORD, startSystem } from './_system.ts'

test('the whole round over a real connection', async () => {
  await using system = await startSystem()
  const origin = await system.app.listen({ host: '127.0.0.1', port: 0 })
  const call = (path: string, body: unknown, token?: string) =>
    fetch(`${origin}${path}`, {
      method: 'POST',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` })
      }
    })
  const account = { username: 'root', password: PASSWORD }
  const setUp = await call('/v1/auth/setup', { ...account, token: system.auth.setup.token })
  assert.equal(setUp.status, 200)
  await setUp.arrayBuffer()

  const login = await call('/v1/auth/login', account)
  assert.match(login.headers.get('content-type') ?? '', /^application\/json/)
  const { accessToken } = (await login.json()) as { accessToken: string }
  const asked = await call('/v1/auth/password-reset/request', { username: 'root' })
  assert.deepEqual([asked.status, await asked.text()], [202, ''])
  const left = await call('/v1/auth/logout', undefined, accessToken)
  assert.deepEqual([left.status, await left.text()], [204, ''])

  const refused = await call('/v1/auth/login', { ...account, password: 'a wrong guess of mine' })
  assert.equal(refused.headers.get('content-type'), 'application/problem+json; charset=utf-8')
  const problem = (await refused.json()) as Record<string, unknown>
  assert.deepEqual([problem['status'], problem['code']], [401, 'unauthenticated'])
})

test('SEC-031 every operation is described, and no body, query or path takes unknown fields', async () => {
  await using system = await startSystem()
  const own = system.operations.filter(({ method }) => method !== 'HEAD' && method !== 'OPTIONS')
  assert.ok(own.length >= 35)
  for (const { method, url, schema } of own) {
    const name = `${method} ${url}`
    const { summary, tags, body, querystring, params, response } = (schema ?? {}) as Record<string, unknown>
    assert.ok(summary !== undefined && Array.isArray(tags) && response !== undefined, name)
    for (const part of [body, querystring, params]) {
      for (const variant of variantsOf(part)) assert.equal(variant['additionalProperties'], false, name)
    }
    if (url.includes(':')) assert.notEqual(params, undefined, name)
  }
})

/** The object types of a schema. */
const variantsOf = (part: unknown): Record<string, unknown>[] => {
  if (part === undefined) return []
  const schema = part as Record<string, unknown> & { anyOf?: Record<string, unknown>[] }
  return (schema.anyOf ?? [schema]).filter(({ type }) => type !== 'null')
}
