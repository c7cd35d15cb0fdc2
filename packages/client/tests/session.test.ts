import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ApiError, memoryTokenStore, type SessionTokens, sessionCredentials } from '../src/index.ts'
import { fakeWorld, json, problem } from './_fake.ts'

const NOW = 1_000_000

const tokens = (name: string, expiresIn = 600_000): SessionTokens => ({
  accessToken: `access-${name}`,
  accessExpiresAt: NOW + expiresIn,
  refreshToken: `refresh-${name}`
})

const session = (initial: SessionTokens, refresh: (token: string) => Promise<SessionTokens>) => {
  const store = memoryTokenStore(initial)
  const isOver = (error: unknown) => error instanceof ApiError && error.status === 401
  return { store, credentials: sessionCredentials({ store, now: () => NOW, refresh, isOver }) }
}

const accepting = (token: string) => (request: { headers: Headers }) =>
  request.headers.get('authorization') === `Bearer ${token}` ? json({ items: [] }) : problem(401, 'unauthenticated')

test('a refused token is renewed once, however many requests were refused', async () => {
  const asked: string[] = []
  const { store, credentials } = session(tokens('1'), async (token) => {
    asked.push(token)
    return tokens('2')
  })
  const { client } = fakeWorld(accepting('access-2'), { credentials })
  await Promise.all(Array.from({ length: 10 }, () => client.drives.list()))
  assert.deepEqual(asked, ['refresh-1'])
  assert.equal((await store.read())?.refreshToken, 'refresh-2')
})

test('a token about to expire is renewed before it is used', async () => {
  const { credentials } = session(tokens('1', 5_000), async () => tokens('2'))
  const { client, sent } = fakeWorld(accepting('access-2'), { credentials })
  await Promise.all([client.drives.list(), client.drives.list()])
  assert.equal(sent.length, 2)
})

test('a session that is over is forgotten; the refusal is passed on', async () => {
  const { store, credentials } = session(tokens('1'), async () => {
    throw new ApiError({ status: 401, code: 'unauthenticated', detail: 'over' })
  })
  const { client, sent } = fakeWorld(accepting('none'), { credentials })
  await assert.rejects(client.drives.list(), { status: 401 })
  assert.equal(await store.read(), undefined)
  assert.equal(sent.length, 1)
})

test('a failing exchange keeps the session', async () => {
  const { store, credentials } = session(tokens('1'), async () => {
    throw new ApiError({ status: 500, code: 'internal', detail: 'oops' })
  })
  const { client } = fakeWorld(accepting('none'), { credentials })
  await assert.rejects(client.drives.list(), { status: 500 })
  assert.equal((await store.read())?.refreshToken, 'refresh-1')
})

test('what another process renewed is used, not renewed again', async () => {
  const { store, credentials } = session(tokens('1'), async () => {
    throw new Error('must not be called')
  })
  const { client } = fakeWorld(
    (request) => {
      if (request.headers.get('authorization') === 'Bearer access-2') return json({ items: [] })
      return store.update(async () => tokens('2')).then(() => problem(401, 'unauthenticated'))
    },
    { credentials }
  )
  await client.drives.list()
})
