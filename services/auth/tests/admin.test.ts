import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { waitFor } from '@cairn/testing'
import { type Method, OTHER_PASSWORD, PASSWORD, type System, startSystem, type User, userOf } from './_system.ts'

let system: System
let root: User
before(async () => {
  system = await startSystem()
  root = await system.setUp()
})
after(() => system[Symbol.asyncDispose]())

const asRoot = (method: Method, path: string, body?: unknown) =>
  system.call(method, `/v1/auth/admin/${path}`, body, { token: root.accessToken })
const me = (token: string) => system.get('/v1/auth/me', { token })

test('nobody but an administrator reaches the administration', async () => {
  const user = await system.register('plain')
  const operations: [Method, string, unknown?][] = [
    ['GET', 'users'],
    ['POST', 'users', { username: 'x' }],
    ['GET', `users/${root.id}`],
    ['PATCH', `users/${user.id}`, { admin: true }],
    ['DELETE', `users/${root.id}`],
    ['POST', `users/${root.id}/password-reset`],
    ['POST', `users/${root.id}/logout`],
    ['PUT', 'policy', { signup: 'open' }],
    ['GET', 'invites'],
    ['POST', 'invites', {}],
    ['DELETE', `invites/${root.id}`],
    ['GET', 'messages'],
    ['GET', 'audit'],
    ['GET', 'audit/verify'],
    ['POST', 'signing-keys', {}]
  ]
  for (const [method, path, body] of operations) {
    const url = `/v1/auth/admin/${path}`
    assert.equal((await system.call(method, url, body)).status, 401, `${method} ${path}`)
    assert.equal((await system.call(method, url, body, { token: user.accessToken })).status, 403, `${method} ${path}`)
  }
})

test('an app password of an administrator does not administrate', async () => {
  const { body } = await system.post(
    '/v1/auth/app-passwords',
    { name: 'ops', scopes: ['*'] },
    { token: root.accessToken }
  )
  const answers = [
    await system.post('/v1/auth/admin/users', { username: 'x' }, { token: body.secret }),
    await system.get('/v1/auth/admin/users', { token: body.secret }),
    await system.get('/v1/auth/admin/messages', { token: body.secret }),
    await system.get('/v1/auth/admin/audit', { token: body.secret })
  ]
  for (const { status } of answers) assert.equal(status, 403)
})

test('users are listed by name, page by page', async () => {
  for (const name of ['list-c', 'List-A', 'list-b']) await system.register(name)
  const names: string[] = []
  let cursor: string | null = ''
  do {
    const { body }: { body: { items: { username: string }[]; nextCursor: string | null } } = await asRoot(
      'GET',
      `users?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`
    )
    names.push(...body.items.map(({ username }) => username))
    cursor = body.nextCursor
  } while (cursor !== null)
  assert.deepEqual(
    names.filter((name) => /^list/i.test(name)),
    ['List-A', 'list-b', 'list-c']
  )
  assert.equal(new Set(names).size, names.length)
  assert.equal((await asRoot('GET', 'users?cursor=%21')).status, 400)
  assert.equal((await asRoot('GET', 'users?limit=100000')).status, 400)
})

test('a user made without a password chooses one by link', async () => {
  const created = await asRoot('POST', 'users', { username: 'newcomer', email: 'new@example.org' })
  assert.equal(created.status, 201)
  assert.equal(created.body.user.hasPassword, false)
  assert.equal((await system.login('newcomer')).status, 401)
  const body = { token: created.body.link.token, newPassword: OTHER_PASSWORD }
  assert.equal((await system.post('/v1/auth/password-reset/confirm', body)).status, 204)
  assert.equal((await system.login('newcomer', OTHER_PASSWORD)).status, 200)

  const direct = await asRoot('POST', 'users', { username: 'direct', password: PASSWORD, admin: true })
  assert.equal(direct.body.link, undefined)
  assert.equal(userOf(await system.login('direct')).username, 'direct')
  assert.equal((await asRoot('POST', 'users', { username: 'DIRECT' })).status, 409)
  await asRoot('DELETE', `users/${direct.body.user.id}`)
})

test('SEC-077 disabling ends sessions and app passwords at once and for good', async () => {
  const user = await system.register('disabled')
  const { body } = await system.post('/v1/auth/app-passwords', { name: 'phone' }, { token: user.accessToken })
  const reset = (await asRoot('POST', `users/${user.id}/password-reset`)).body
  assert.equal((await me(body.secret)).status, 200)
  assert.equal((await asRoot('PATCH', `users/${user.id}`, { disabled: true })).body.disabled, true)
  await waitFor(async () => (await me(user.accessToken)).status === 401 && (await me(body.secret)).status === 401)
  assert.equal((await system.post('/v1/auth/refresh', { refreshToken: user.refreshToken })).status, 401)
  const refusal = await system.login('disabled')
  const unknown = await system.login('no-such-user')
  assert.deepEqual([refusal.status, refusal.body.detail], [unknown.status, unknown.body.detail])
  const confirm = { token: reset.token, newPassword: OTHER_PASSWORD }
  assert.equal((await system.post('/v1/auth/password-reset/confirm', confirm)).status, 403)
  assert.equal((await asRoot('POST', `users/${user.id}/password-reset`)).status, 404)

  assert.equal((await asRoot('PATCH', `users/${user.id}`, { disabled: false })).body.disabled, false)
  assert.equal((await me(user.accessToken)).status, 401)
  assert.equal((await me(body.secret)).status, 401)
  assert.equal((await system.login('disabled')).status, 200)
})

test('SEC-077 losing or gaining administration takes effect at once', async () => {
  const user = await system.register('deputy')
  const users = () => system.get('/v1/auth/admin/users', { token: user.accessToken })
  assert.equal((await users()).status, 403)
  assert.equal((await asRoot('PATCH', `users/${user.id}`, { admin: true })).status, 200)
  await waitFor(async () => (await users()).status === 200)
  assert.equal((await asRoot('PATCH', `users/${user.id}`, { admin: false })).status, 200)
  await waitFor(async () => (await users()).status === 403)
  assert.equal((await me(user.accessToken)).status, 200)
})

test('one active administrator remains, also when two demote each other', async () => {
  for (const change of [{ admin: false }, { disabled: true }]) {
    const answer = await asRoot('PATCH', `users/${root.id}`, change)
    assert.deepEqual([answer.status, answer.body.rule], [409, 'last_administrator'])
  }
  assert.equal((await asRoot('DELETE', `users/${root.id}`)).status, 409)
  const deputy = await system.register('rival')
  await asRoot('PATCH', `users/${deputy.id}`, { admin: true })
  await waitFor(async () => (await system.get('/v1/auth/admin/users', { token: deputy.accessToken })).status === 200)
  const answers = await Promise.all([
    asRoot('PATCH', `users/${deputy.id}`, { admin: false }),
    system.call('PATCH', `/v1/auth/admin/users/${root.id}`, { admin: false }, { token: deputy.accessToken })
  ])
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409])
  const admins = await system.sql('select user_id from auth.account where admin')
  assert.equal(admins.length, 1)
  if (admins[0]?.['user_id'] !== root.id) {
    await system.sql('update auth.account set admin = (user_id = $1)', [root.id])
    await waitFor(async () => (await asRoot('GET', 'users')).status === 200)
  }
})

test('a deleted user is gone, but the name is never given away', async () => {
  const user = await system.register('mortal')
  await system.call(
    'PATCH',
    '/v1/auth/me',
    { email: 'mortal@example.org', currentPassword: PASSWORD },
    {
      token: user.accessToken
    }
  )
  assert.equal((await asRoot('DELETE', `users/${user.id}`)).status, 204)
  await waitFor(async () => (await me(user.accessToken)).status === 401)
  assert.equal((await asRoot('GET', `users/${user.id}`)).status, 404)
  assert.equal((await asRoot('DELETE', `users/${user.id}`)).status, 404)
  assert.equal((await system.login('mortal')).status, 401)
  assert.equal((await system.post('/v1/auth/register', { username: 'Mortal', password: PASSWORD })).status, 409)
  const heir = { username: 'heir', password: PASSWORD, email: 'mortal@example.org' }
  assert.equal((await system.post('/v1/auth/register', heir)).status, 201)
})

test('an administrator ends the sessions of a user', async () => {
  const user = await system.register('evicted')
  assert.equal((await asRoot('POST', `users/${user.id}/logout`)).status, 204)
  await waitFor(async () => (await me(user.accessToken)).status === 401)
  assert.equal((await system.login('evicted')).status, 200)
})
