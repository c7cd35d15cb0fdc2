import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { CairnError } from '@cairn/contracts'
import { waitFor } from '@cairn/testing'
import { joinSystem, OTHER_PASSWORD, PASSWORD, type System, startSystem, type User } from './_system.ts'

let system: System
before(async () => {
  system = await startSystem()
  await system.setUp()
})
after(() => system[Symbol.asyncDispose]())

const create = async (user: User, body: unknown = { name: 'phone' }) =>
  system.post('/v1/auth/app-passwords', body, { token: user.accessToken })
const list = async (user: User) => (await system.get('/v1/auth/app-passwords', { token: user.accessToken })).body.items
const revoke = (user: User, id: string) =>
  system.call('DELETE', `/v1/auth/app-passwords/${id}`, undefined, { token: user.accessToken })
const basic = (username: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${username}:${secret}`).toString('base64')}`
})
const refused = async (secret: string, username = '') => {
  await assert.rejects(system.client.verifyAppPassword({ username, secret }), (error) => {
    assert.ok(error instanceof CairnError)
    assert.deepEqual([error.code, error.message], ['unauthenticated', 'Username or password is wrong'])
    return true
  })
}

test('an app password signs in by Basic and as bearer, and is listed without its secret', async () => {
  const user = await system.register('ann')
  const created = await create(user)
  assert.equal(created.status, 201)
  const { secret, id } = created.body
  assert.match(secret, /^cairn_[0-9A-Za-z]{49}$/)
  assert.deepEqual(created.body.scopes, ['files:read', 'files:write'])
  const verified = await system.client.verifyAppPassword({ username: 'ANN', secret })
  assert.deepEqual(
    [verified.userId, verified.appPasswordId, verified.scopes, verified.admin, verified.maxAgeSeconds],
    [user.id, id, ['files:read', 'files:write'], false, 30]
  )
  assert.equal((await system.get('/v1/auth/me', { token: secret })).body.username, 'ann')
  assert.equal((await system.get('/v1/auth/me', { headers: basic('ann', secret) })).status, 200)

  const [listed] = await list(user)
  assert.equal(listed.secret, undefined)
  assert.notEqual(listed.lastUsedAt, null)
  const [row] = await system.sql('select * from auth.app_password where app_password_id = $1', [id])
  assert.ok(!JSON.stringify(row).includes(secret.slice(6, 20)))
})

test('SEC-090 only the exact secret with the right name verifies', async () => {
  const user = await system.register('bob')
  await system.register('eve')
  const { secret } = (await create(user)).body
  for (const variant of [
    secret.slice(0, -1),
    `${secret}0`,
    `${secret} `,
    secret.toLowerCase(),
    secret.replace('cairn_', ''),
    PASSWORD,
    ''
  ]) {
    await refused(variant)
  }
  for (const name of ['eve', 'nobody', 'bob@', 'bob ']) await refused(secret, name)
  assert.equal((await system.get('/v1/auth/me', { headers: basic('bob', PASSWORD) })).status, 401)
})

test('SEC-077 a revoked app password is dead at once, on other replicas too', async () => {
  const user = await system.register('carl')
  const { secret, id } = (await create(user)).body
  await using other = await joinSystem(system.backing)
  assert.equal((await other.get('/v1/auth/me', { token: secret })).status, 200)
  assert.equal((await revoke(user, id)).status, 204)
  await waitFor(async () => (await other.get('/v1/auth/me', { token: secret })).status === 401)
  await refused(secret)
  assert.equal((await revoke(user, id)).status, 404)
  assert.deepEqual(await list(user), [])
})

test('an app password ends at its expiry, and its answer is not cached beyond', async () => {
  const user = await system.register('dora')
  const expiresAt = new Date(system.backing.clock.now() + 20_000).toISOString()
  const { secret } = (await create(user, { name: 'short', expiresAt })).body
  const { maxAgeSeconds } = await system.client.verifyAppPassword({ username: '', secret })
  assert.ok(maxAgeSeconds <= 20)
  system.backing.clock.travel(20_000)
  await refused(secret)
  assert.equal((await create(user, { name: 'past', expiresAt })).status, 400)
})

test('an app password manages no credentials', async () => {
  const user = await system.register('frank')
  const { secret, id } = (await create(user, { name: 'all', scopes: ['*'] })).body
  const token = secret
  const answers = [
    await system.post('/v1/auth/app-passwords', { name: 'more' }, { token }),
    await system.call('DELETE', `/v1/auth/app-passwords/${id}`, undefined, { token }),
    await system.get('/v1/auth/app-passwords', { token }),
    await system.get('/v1/auth/sessions', { token }),
    await system.post('/v1/auth/logout', undefined, { token }),
    await system.post('/v1/auth/logout-all', undefined, { token }),
    await system.get('/v1/auth/audit', { token }),
    await system.call('PATCH', '/v1/auth/me', { email: null, currentPassword: PASSWORD }, { token }),
    await system.post('/v1/auth/password', { currentPassword: PASSWORD, newPassword: OTHER_PASSWORD }, { token })
  ]
  for (const { status } of answers) assert.equal(status, 403)
  assert.equal((await system.login('frank')).status, 200)
})

test('nobody revokes the app password of another, and bad requests are refused', async () => {
  const gina = await system.register('gina')
  const hugo = await system.register('hugo')
  const { secret, id } = (await create(gina)).body
  assert.equal((await revoke(hugo, id)).status, 404)
  assert.equal((await system.client.verifyAppPassword({ username: '', secret })).userId, gina.id)
  for (const body of [
    {},
    { name: '' },
    { name: 'x', scopes: [] },
    { name: 'x', scopes: ['admin'] },
    { name: 'x', expiresAt: 'tomorrow' },
    { name: 'x\u0000' },
    { name: 'x', userId: hugo.id }
  ]) {
    assert.equal((await create(gina, body)).status, 400, JSON.stringify(body))
  }
})

test('SEC-077 changing the password can end app passwords too', async () => {
  const user = await system.register('ida')
  const { secret } = (await create(user)).body
  const change = (from: string, to: string, revokeAppPasswords: boolean) =>
    system.post(
      '/v1/auth/password',
      { currentPassword: from, newPassword: to, revokeAppPasswords },
      { token: user.accessToken }
    )
  assert.equal((await change(PASSWORD, OTHER_PASSWORD, false)).status, 204)
  assert.equal((await system.get('/v1/auth/me', { token: secret })).status, 200)
  assert.equal((await change(OTHER_PASSWORD, PASSWORD, true)).status, 204)
  await waitFor(async () => (await system.get('/v1/auth/me', { token: secret })).status === 401)
})
