import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { type AppPassword, Client, createUser, type Page, type SignIn, signIn, User } from './_api.ts'
import { testCoverage } from './_coverage.ts'
import { expectProblem, expectStatus, send } from './_http.ts'
import { waitFor } from './_wait.ts'
import { createWorld } from './_world.ts'

const { server, admin } = await createWorld()
const anonymous = new Client(server.url)
const password = (): string => `harbour ${randomUUID()}`

interface Session {
  readonly id: string
  readonly device: string | null
  readonly current: boolean
}

const statusOf = async (client: Client): Promise<number> => (await client.get('/v1/auth/me')).status
const bearer = (token: string): Client => new Client(server.url, `Bearer ${token}`)
const basic = (name: string, secret: string): Client =>
  new Client(server.url, `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}`)

test('the set-up token makes one administrator, once', async () => {
  assert.deepEqual((await anonymous.get('/v1/auth/setup')).json(), { required: false })
  const again = { token: server.setupToken, username: 'second', password: password() }
  expectProblem(await anonymous.post('/v1/auth/setup', again), 409, 'conflict')
  assert.equal(admin.signIn.user.admin, true)
})

test('sign in, see oneself, sign out', async () => {
  const user = await createUser(admin)
  const session = await signIn(server.url, user.username, user.password)
  const client = bearer(session.accessToken)
  const me = expectStatus(await client.get('/v1/auth/me'), 200).json<{ username: string; admin: boolean }>()
  assert.equal(me.username, user.username)
  assert.equal(me.admin, false)
  expectStatus(await client.post('/v1/auth/logout'), 204)
  expectProblem(await client.get('/v1/auth/me'), 401, 'unauthenticated')
  expectProblem(await anonymous.post('/v1/auth/refresh', { refreshToken: session.refreshToken }), 401)
  assert.equal(await statusOf(user), 200, 'the other session goes on')
})

test('sessions are listed, ended one by one and all at once', async () => {
  const user = await createUser(admin)
  const login = { username: user.username, password: user.password, device: 'a laptop' }
  const laptop = expectStatus(await anonymous.post('/v1/auth/login', login), 200).json<SignIn>()
  const { items } = expectStatus(await user.get('/v1/auth/sessions'), 200).json<Page<Session>>()
  assert.deepEqual(
    items.map(({ device, current }) => [device, current]).sort(),
    [
      ['a laptop', false],
      [null, true]
    ].sort()
  )
  expectStatus(await user.delete(`/v1/auth/sessions/${laptop.sessionId}`), 204)
  assert.equal(await statusOf(bearer(laptop.accessToken)), 401)
  expectProblem(await user.delete(`/v1/auth/sessions/${laptop.sessionId}`), 404)
  const other = bearer((await signIn(server.url, user.username, user.password)).accessToken)
  expectStatus(await user.post('/v1/auth/logout-all'), 204)
  assert.deepEqual([await statusOf(user), await statusOf(other)], [401, 401])
})

test('refresh tokens rotate', async () => {
  const user = await createUser(admin)
  const next = expectStatus(
    await anonymous.post('/v1/auth/refresh', { refreshToken: user.signIn.refreshToken }),
    200
  ).json<SignIn>()
  assert.notEqual(next.refreshToken, user.signIn.refreshToken)
  assert.equal(next.sessionId, user.signIn.sessionId)
  assert.equal(await statusOf(bearer(next.accessToken)), 200)
})

test('registration follows the policy: closed, open, by invitation', async () => {
  const register = (body: object) => anonymous.post('/v1/auth/register', { password: password(), ...body })
  const policy = async () => (await anonymous.get('/v1/auth/policy')).json<{ signup: string }>().signup
  assert.equal(await policy(), 'closed')
  expectProblem(await register({ username: 'walk-in' }), 403)

  expectStatus(await admin.send({ method: 'PUT', path: '/v1/auth/admin/policy', json: { signup: 'open' } }), 204)
  const open = expectStatus(await register({ username: 'walk-in' }), 201).json<SignIn>()
  assert.equal(open.user.admin, false)
  expectProblem(await register({ username: 'WALK-IN' }), 409, 'name_taken')

  expectStatus(await admin.send({ method: 'PUT', path: '/v1/auth/admin/policy', json: { signup: 'invite' } }), 204)
  assert.equal(await policy(), 'invite')
  expectProblem(await register({ username: 'guest-1' }), 403)
  const { token } = expectStatus(await admin.post('/v1/auth/admin/invites', { note: 'for Ann' }), 201).json<{
    token: string
  }>()
  expectStatus(await register({ username: 'guest-1', invite: token }), 201)
  expectProblem(await register({ username: 'guest-2', invite: token }), 403)

  const unused = expectStatus(await admin.post('/v1/auth/admin/invites', {}), 201).json<{
    invite: { id: string }
    token: string
  }>()
  const { items } = (await admin.get('/v1/auth/admin/invites')).json<Page<{ id: string; usedBy: string | null }>>()
  assert.equal(items.length, 2)
  expectStatus(await admin.delete(`/v1/auth/admin/invites/${unused.invite.id}`), 204)
  expectProblem(await register({ username: 'guest-3', invite: unused.token }), 403)
  expectStatus(await admin.send({ method: 'PUT', path: '/v1/auth/admin/policy', json: { signup: 'closed' } }), 204)
})

test('a changed password ends the other sessions and is the only one that works', async () => {
  const user = await createUser(admin)
  const other = bearer((await signIn(server.url, user.username, user.password)).accessToken)
  const newPassword = password()
  expectStatus(await user.post('/v1/auth/password', { currentPassword: user.password, newPassword }), 204)
  assert.deepEqual([await statusOf(user), await statusOf(other)], [200, 401])
  const login = (secret: string) => anonymous.post('/v1/auth/login', { username: user.username, password: secret })
  expectProblem(await login(user.password), 401)
  expectStatus(await login(newPassword), 200)
})

test('passwords are long enough, not among the first guesses, and of any script', async () => {
  const user = await createUser(admin)
  const change = (newPassword: string) =>
    user.post('/v1/auth/password', { currentPassword: user.password, newPassword })
  for (const bad of ['short', 'password1234', 'x'.repeat(1025), '\ud800'.repeat(12)]) {
    expectProblem(await change(bad), 400, 'invalid_request')
  }
  expectStatus(await change('正しい馬電池ステープル 🐴 verbatim'), 204)
})

test('an administrator resets a password with a link that works once', async () => {
  const user = await createUser(admin)
  const { token, url } = expectStatus(await admin.post(`/v1/auth/admin/users/${user.id}/password-reset`), 200).json<{
    token: string
    url: string
  }>()
  assert.ok(url.startsWith(server.url), url)
  const newPassword = password()
  expectStatus(await anonymous.post('/v1/auth/password-reset/confirm', { token, newPassword }), 204)
  expectProblem(await anonymous.post('/v1/auth/password-reset/confirm', { token, newPassword: password() }), 403)
  assert.equal(await statusOf(user), 401)
  await signIn(server.url, user.username, newPassword)
})

test('whoever forgot the password asks for a link; administrators can pass it on', async () => {
  const user = await createUser(admin)
  expectStatus(await anonymous.post('/v1/auth/password-reset/request', { username: user.username }), 202)
  const { items } = expectStatus(await admin.get('/v1/auth/admin/messages'), 200).json<
    Page<{ userId: string; url: string }>
  >()
  const message = items.find(({ userId }) => userId === user.id)
  const token = /crs_[\w-]+/.exec(message?.url ?? '')?.[0]
  expectStatus(await anonymous.post('/v1/auth/password-reset/confirm', { token, newPassword: password() }), 204)
})

test('the e-mail address changes with the current password and signs in', async () => {
  const user = await createUser(admin)
  const email = `${user.username}@example.org`
  expectProblem(await user.patch('/v1/auth/me', { email, currentPassword: 'not the password' }), 403)
  expectStatus(await user.patch('/v1/auth/me', { email, currentPassword: user.password }), 200)
  await signIn(server.url, email.toUpperCase(), user.password)
})

test('app passwords: by Basic and bearer, scoped, expiring, revocable', async () => {
  const user = await createUser(admin)
  const full = await user.appPassword()
  assert.deepEqual([...full.scopes].sort(), ['files:read', 'files:write'])
  assert.equal((await basic(user.username, full.secret).get('/v1/drives/personal')).status, 200)
  assert.equal((await bearer(full.secret).get('/v1/drives/personal')).status, 200)
  expectProblem(await basic('somebody-else', full.secret).get('/v1/drives/personal'), 401)
  expectProblem(await basic(user.username, user.password).get('/v1/drives/personal'), 401)

  const reader = bearer((await user.appPassword({ scopes: ['files:read'] })).secret)
  assert.equal((await reader.get('/v1/drives/personal')).status, 200)
  expectProblem(await reader.post('/v1/drives/personal/folders', { name: 'no' }), 403, 'forbidden')
  expectProblem(await reader.get('/v1/auth/app-passwords'), 403)

  const expiresAt = new Date(Date.now() + 1500).toISOString()
  const brief = bearer((await user.appPassword({ expiresAt })).secret)
  assert.equal((await brief.get('/v1/drives/personal')).status, 200)
  await waitFor('the app password expires', async () => (await brief.get('/v1/drives/personal')).status === 401, 5000)

  const { items } = (await user.get('/v1/auth/app-passwords')).json<Page<AppPassword>>()
  assert.ok(items.every((item) => !('secret' in item)))
  expectStatus(await user.delete(`/v1/auth/app-passwords/${full.id}`), 204)
  expectProblem(await bearer(full.secret).get('/v1/drives/personal'), 401)
})

test('administrators list, change, disable and delete accounts', async () => {
  const user = await createUser(admin)
  const path = `/v1/auth/admin/users/${user.id}`
  const found = expectStatus(await admin.get(path), 200).json<{ username: string; disabled: boolean }>()
  assert.deepEqual([found.username, found.disabled], [user.username, false])
  const names: string[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const at: string = `/v1/auth/admin/users?limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`
    const page: Page<{ username: string }> = expectStatus(await admin.get(at), 200).json()
    names.push(...page.items.map(({ username }) => username))
    cursor = page.nextCursor
  }
  assert.ok(names.includes(user.username) && names.includes('root'))
  assert.equal(new Set(names).size, names.length)

  expectStatus(await admin.post(`${path}/logout`), 204)
  assert.equal(await statusOf(user), 401)
  expectStatus(await admin.patch(path, { disabled: true }), 200)
  const login = { username: user.username, password: user.password }
  expectProblem(await anonymous.post('/v1/auth/login', login), 401)
  expectStatus(await admin.patch(path, { disabled: false, admin: true }), 200)
  const promoted = new User(server.url, user.password, await signIn(server.url, user.username, user.password))
  expectStatus(await promoted.get('/v1/auth/admin/users'), 200)
  expectStatus(await admin.patch(path, { admin: false }), 200)
  expectProblem(await promoted.get('/v1/auth/admin/users'), 403)
  expectStatus(await admin.delete(path), 204)
  expectProblem(await admin.get(path), 404)
  expectProblem(await admin.post('/v1/auth/admin/users', { ...login, password: password() }), 409, 'name_taken')
})

test('one active administrator remains', async () => {
  expectProblem(await admin.patch(`/v1/auth/admin/users/${admin.id}`, { admin: false }), 409)
  expectProblem(await admin.patch(`/v1/auth/admin/users/${admin.id}`, { disabled: true }), 409)
  expectProblem(await admin.delete(`/v1/auth/admin/users/${admin.id}`), 409)
})

test('an account without a password gets a link to choose one', async () => {
  const { user, link } = expectStatus(
    await admin.post('/v1/auth/admin/users', { username: `invited-${randomUUID().slice(0, 8)}` }),
    201
  ).json<{ user: { username: string; hasPassword: boolean }; link: { token: string } }>()
  assert.equal(user.hasPassword, false)
  const newPassword = password()
  expectStatus(await anonymous.post('/v1/auth/password-reset/confirm', { token: link.token, newPassword }), 204)
  await signIn(server.url, user.username, newPassword)
})

test('what happened is recorded in an unbroken chain', async () => {
  const user = await createUser(admin)
  await anonymous.post('/v1/auth/login', { username: user.username, password: 'wrong wrong wrong' })
  const own = expectStatus(await user.get('/v1/auth/audit'), 200).json<Page<{ type: string; result: string }>>()
  assert.ok(own.items.some(({ type, result }) => type === 'sign_in' && result === 'refused'))
  const seen = expectStatus(await admin.get(`/v1/auth/admin/audit?user=${user.id}&limit=1`), 200).json<Page<object>>()
  assert.equal(seen.items.length, 1)
  for (const query of ['', `?user=${user.id}`]) {
    const verdict = expectStatus(await admin.get(`/v1/auth/admin/audit/verify${query}`), 200).json<{ ok: boolean }>()
    assert.equal(verdict.ok, true)
  }
})

test('signing keys rotate without ending sessions, or with it', async () => {
  const user = await createUser(admin)
  const keys = async () =>
    (await anonymous.get('/.well-known/jwks.json')).json<{ keys: { kid: string; d?: string }[] }>().keys
  const before = await keys()
  assert.ok(
    before.every(({ d }) => d === undefined),
    'no private part'
  )
  const { kid } = expectStatus(await admin.post('/v1/auth/admin/signing-keys', {}), 201).json<{ kid: string }>()
  assert.ok((await keys()).some((key) => key.kid === kid))
  assert.equal(await statusOf(user), 200)
})

test('cookies carry the tokens of a browser and nothing else does', async () => {
  const user = await createUser(admin)
  const headers = { origin: server.url, 'sec-fetch-site': 'same-origin', 'x-cairn-csrf': '1' }
  const login = { username: user.username, password: user.password, cookies: true }
  const reply = expectStatus(await anonymous.post('/v1/auth/login', login, { headers }), 200)
  assert.ok(!reply.text.includes('accessToken') && !reply.text.includes('refreshToken'))
  const set = reply.headers['set-cookie'] ?? []
  assert.equal(set.length, 2)
  for (const cookie of set) assert.match(cookie, /; Path=\/; .*HttpOnly; SameSite=(Lax|Strict)/)
  const cookie = set.map((line) => line.split(';')[0]).join('; ')
  const withCookie = (method: string, path: string, json?: unknown) =>
    send(server.url, { method, path, json, headers: { ...headers, cookie } })
  expectStatus(await withCookie('GET', '/v1/auth/me'), 200)
  expectStatus(await withCookie('POST', '/v1/drives/personal/folders', { name: 'from a browser' }), 201)
  const refreshed = expectStatus(await withCookie('POST', '/v1/auth/refresh'), 200)
  assert.equal(refreshed.headers['set-cookie']?.length, 2)
  expectStatus(await withCookie('POST', '/v1/auth/logout'), 204)
  expectProblem(await withCookie('GET', '/v1/auth/me'), 401)
})

testCoverage(import.meta.filename, server)
