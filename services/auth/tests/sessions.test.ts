import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { waitFor } from '@cairn/testing'
import { joinSystem, type System, startSystem, userOf } from './_system.ts'

let system: System
before(async () => {
  system = await startSystem()
  await system.setUp()
})
after(() => system[Symbol.asyncDispose]())

const refresh = (refreshToken: string, given?: { ip?: string }) =>
  system.post('/v1/auth/refresh', { refreshToken }, given)
const me = (token: string) => system.get('/v1/auth/me', { token })

test('signing in gives a session that can be refreshed and listed', async () => {
  await system.register('session-user')
  const answer = await system.post('/v1/auth/login', {
    username: 'SESSION-user',
    password: 'orange lamps hum quietly',
    device: 'Laptop'
  })
  assert.equal(answer.body.expiresIn, 600)
  assert.equal(answer.body.tokenType, 'Bearer')
  assert.equal(answer.headers['cache-control'], 'no-store')
  const user = userOf(answer)
  const next = userOf(await refresh(user.refreshToken))
  assert.notEqual(next.refreshToken, user.refreshToken)
  assert.equal(next.sessionId, user.sessionId)
  const sessions = (await system.get('/v1/auth/sessions', { token: next.accessToken })).body.items
  assert.equal(sessions.length, 2)
  const current = sessions.find(({ current }: { current: boolean }) => current)
  assert.deepEqual([current.id, current.device, current.ip], [user.sessionId, 'Laptop', '192.0.2.1'])
})

test('SEC-076 a used refresh token ends its session, with an audit event', async () => {
  const user = await system.register('reuse')
  const second = userOf(await refresh(user.refreshToken))
  const third = userOf(await refresh(second.refreshToken))
  assert.equal((await refresh(user.refreshToken)).status, 401)
  assert.equal((await refresh(third.refreshToken)).status, 401)
  await waitFor(async () => (await me(third.accessToken)).status === 401)
  const [row] = await system.sql('select end_reason from auth.session where session_id = $1', [user.sessionId])
  assert.equal(row?.['end_reason'], 'refresh_reuse')
  const events = await system.sql("select * from auth.audit_event where user_id = $1 and type = 'refresh_reuse'", [
    user.id
  ])
  assert.equal(events.length, 1)
})

test('SEC-076 after the grace even the last used token ends the session', async () => {
  const user = await system.register('grace-over')
  const second = userOf(await refresh(user.refreshToken))
  system.backing.clock.travel(31_000)
  assert.equal((await refresh(user.refreshToken)).status, 401)
  assert.equal((await refresh(second.refreshToken)).status, 401)
})

test('SEC-076 parallel refreshes and a retry after a lost reply get the same successor', async () => {
  const user = await system.register('parallel')
  const answers = await Promise.all(Array.from({ length: 8 }, () => refresh(user.refreshToken)))
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]))
  const successors = new Set(answers.map(({ body }) => body.refreshToken))
  assert.equal(successors.size, 1)
  system.backing.clock.travel(25_000)
  const retry = userOf(await refresh(user.refreshToken))
  assert.ok(successors.has(retry.refreshToken))
  assert.equal((await refresh(retry.refreshToken)).status, 200)
})

test('SEC-076 knowing the ids of a session lets nobody end it', async () => {
  const user = await system.register('unforgeable')
  const bytes = Buffer.from(user.refreshToken.slice(4), 'base64url')
  const next = userOf(await refresh(user.refreshToken))
  for (const generation of [0, 1, 2, 3, 0xffffffff]) {
    const forged = Buffer.from(bytes)
    forged.writeUInt32BE(generation, 32)
    forged.writeUInt8(forged.readUInt8(40) ^ 1, 40)
    assert.equal((await refresh(`crt_${forged.toString('base64url')}`)).status, 401)
  }
  assert.equal((await refresh(next.refreshToken)).status, 200)
})

test('SEC-090 only the exact refresh token works', async () => {
  const user = await system.register('exact')
  const token = user.refreshToken
  for (const variant of [
    token.slice(0, -1),
    `${token}=`,
    `${token} `,
    token.toLowerCase(),
    token.replace('_', '%5F')
  ]) {
    assert.equal((await refresh(variant)).status, 401)
  }
  assert.equal((await refresh(token)).status, 200)
})

test('a session ends after 30 idle days, and after 90 days at the latest', async () => {
  const DAY = 86_400_000
  const idle = await system.register('idle')
  const busy = await system.register('busy')
  let token = busy.refreshToken
  for (const day of [20, 40, 60, 80]) {
    system.backing.clock.travel(20 * DAY)
    const answer = await refresh(token)
    assert.equal(answer.status, 200, `day ${day}`)
    token = answer.body.refreshToken
  }
  assert.equal((await refresh(idle.refreshToken)).status, 401)
  system.backing.clock.travel(11 * DAY)
  assert.equal((await refresh(token)).status, 401)
})

test('SEC-077 signing out ends access and refresh at once, on other replicas too', async () => {
  await using other = await joinSystem(system.backing)
  const user = await system.register('leaving')
  assert.equal((await other.get('/v1/auth/me', { token: user.accessToken })).status, 200)
  assert.equal((await system.post('/v1/auth/logout', undefined, { token: user.accessToken })).status, 204)
  await waitFor(async () => (await other.get('/v1/auth/me', { token: user.accessToken })).status === 401)
  assert.equal((await me(user.accessToken)).status, 401)
  assert.equal((await refresh(user.refreshToken)).status, 401)
})

test('signing out works with the refresh token alone, an older one too, and twice', async () => {
  const user = await system.register('leaving-late')
  const next = userOf(await refresh(user.refreshToken))
  for (let n = 0; n < 2; n += 1) {
    assert.equal((await system.post('/v1/auth/logout', { refreshToken: user.refreshToken })).status, 204)
  }
  assert.equal((await refresh(next.refreshToken)).status, 401)
  assert.equal((await system.post('/v1/auth/logout', { refreshToken: 'crt_nonsense' })).status, 204)
})

test('SEC-077 signing out everywhere ends all sessions, ending one ends one', async () => {
  const first = await system.register('everywhere')
  const second = userOf(await system.login('everywhere'))
  const third = userOf(await system.login('everywhere'))
  const remove = (id: string, token: string) => system.call('DELETE', `/v1/auth/sessions/${id}`, undefined, { token })
  assert.equal((await remove(second.sessionId, first.accessToken)).status, 204)
  assert.equal((await remove(second.sessionId, first.accessToken)).status, 404)
  assert.equal((await refresh(second.refreshToken)).status, 401)
  assert.equal((await me(third.accessToken)).status, 200)
  assert.equal((await system.post('/v1/auth/logout-all', undefined, { token: first.accessToken })).status, 204)
  for (const { refreshToken } of [first, third]) assert.equal((await refresh(refreshToken)).status, 401)
  await waitFor(async () => (await me(third.accessToken)).status === 401)
})

test('nobody ends or sees the session of another', async () => {
  const ann = await system.register('sess-ann')
  const bob = await system.register('sess-bob')
  const answer = await system.call('DELETE', `/v1/auth/sessions/${ann.sessionId}`, undefined, {
    token: bob.accessToken
  })
  assert.equal(answer.status, 404)
  assert.equal((await me(ann.accessToken)).status, 200)
  assert.equal((await system.get('/v1/auth/sessions', { token: bob.accessToken })).body.items.length, 1)
})

test('CheckSession tells the state of sessions, and nothing of made-up ones', async () => {
  const user = await system.register('checked')
  const state = await system.client.checkSession({ userId: user.id, sessionId: user.sessionId })
  assert.deepEqual([state.active, state.admin, state.maxAgeSeconds], [true, false, 30])
  for (const sessionId of [user.id, 'x', '']) {
    assert.equal((await system.client.checkSession({ userId: user.id, sessionId })).active, false)
  }
})

test('no token is stored in clear', async () => {
  const user = await system.register('stored')
  const [row] = await system.sql('select * from auth.session where session_id = $1', [user.sessionId])
  const secret = Buffer.from(user.refreshToken.slice(4), 'base64url').subarray(36)
  for (const value of Object.values(row ?? {})) {
    if (Buffer.isBuffer(value)) assert.ok(!value.includes(secret))
  }
})
