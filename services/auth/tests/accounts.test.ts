import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { PASSWORD, type System, startSystem, type User, userOf } from './_system.ts'

let system: System
let root: User
let source = 0
before(async () => {
  system = await startSystem()
  root = await system.setUp()
})
after(() => system[Symbol.asyncDispose]())

/** Every request from another source, so that limits stay out of the way. */
const register = (body: unknown) => {
  source += 1
  return system.post('/v1/auth/register', body, { ip: `198.51.${source >> 8}.${source & 255}` })
}
const setPolicy = (signup: string) =>
  system.call('PUT', '/v1/auth/admin/policy', { signup }, { token: root.accessToken })

test('SEC-006 names that mean something to a file system or look like another are refused or distinct', async () => {
  for (const username of [
    '..',
    '.',
    'a/b',
    'a\\b',
    'nul\u0000',
    'Ann.',
    '.ann',
    'a b',
    'a\u200bb',
    'a\u202eb',
    'аnn'
  ]) {
    const answer = await register({ username, password: PASSWORD })
    assert.deepEqual([answer.status, answer.body.code], [400, 'invalid_name'], JSON.stringify(username))
  }
  for (const username of ['con', 'files', 'Ann']) {
    assert.equal((await register({ username, password: PASSWORD })).status, 201, username)
  }
  for (const username of ['ann', 'ANN', 'ａｎｎ', 'CON']) {
    const answer = await register({ username, password: PASSWORD })
    assert.deepEqual([answer.status, answer.body.code], [409, 'name_taken'], username)
  }
  assert.equal((await register({ username: 'ren\u00e9', password: PASSWORD })).status, 201)
  assert.equal((await register({ username: 'rene\u0301', password: PASSWORD })).status, 409)
})

test('SEC-085 fifty parallel registrations of one name or address give one account', async () => {
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, n) => register({ username: n % 2 ? 'Parallel' : 'parallel', password: PASSWORD }))
  )
  assert.equal(answers.filter(({ status }) => status === 201).length, 1)
  assert.ok(answers.every(({ status }) => status === 201 || status === 409))

  const byMail = await Promise.all(
    Array.from({ length: 50 }, (_, n) =>
      register({ username: `mail${n}`, password: PASSWORD, email: n % 2 ? 'A@X.example' : 'a@x.example ' })
    )
  )
  assert.equal(byMail.filter(({ status }) => status === 201).length, 1)
  const rows = await system.sql("select * from auth.account where name_fold like 'mail%'")
  assert.equal(rows.length, 1)
  assert.equal((await system.sql("select * from auth.username where name_fold like 'mail%'")).length, 1)
})

test('SEC-031 unknown fields, wrong types and nested extras are refused', async () => {
  const good = { username: 'strict', password: PASSWORD }
  const bad: readonly [string, unknown][] = [
    ['/v1/auth/register', { ...good, admin: true }],
    ['/v1/auth/register', { ...good, username: 7 }],
    ['/v1/auth/register', { ...good, userId: root.id }],
    ['/v1/auth/register', [good]],
    ['/v1/auth/register', '{"username":"strict","password":"x","__proto__":{"admin":true}}'],
    ['/v1/auth/login', { ...good, remember: 1 }],
    ['/v1/auth/login', { username: ['root'], password: { $ne: '' } }],
    ['/v1/auth/refresh', { refreshToken: 'x', sessionId: 'y' }],
    ['/v1/auth/setup', { ...good, token: 'x', role: 'admin' }],
    ['/v1/auth/password-reset/request', { username: 'root', host: 'evil.example' }]
  ]
  for (const [path, body] of bad) {
    const answer = await system.post(path, body)
    assert.deepEqual([answer.status, answer.body.code], [400, 'invalid_request'], JSON.stringify(body))
  }
  assert.equal((await system.sql("select * from auth.username where name_fold = 'strict'")).length, 0)
})

test('weak passwords are refused when they are chosen', async () => {
  for (const password of [
    'short',
    'password1234',
    'aaaaaaaaaaaa',
    'weakling2026',
    'x'.repeat(1024),
    `${'é'.repeat(600)}`
  ]) {
    const answer = await register({ username: 'weakling', password })
    assert.deepEqual([answer.status, answer.body.code], [400, 'invalid_request'], password.slice(0, 20))
  }
  const long = `${'The quick brown fox of Elm Street '.repeat(29)}!`
  assert.equal((await register({ username: 'weakling', password: long })).status, 201)
  assert.equal((await system.login('weakling', long)).status, 200)
  assert.equal((await system.login('weakling', long.slice(0, -1))).status, 401)
})

test('the e-mail address signs in too, whatever its case', async () => {
  const user = userOf(await register({ username: 'mailer', password: PASSWORD, email: 'Mailer@Example.org' }))
  assert.equal(userOf(await system.login('mailer@EXAMPLE.org')).id, user.id)
  assert.equal((await system.login('mailer@example.com')).status, 401)
})

test('registration follows the policy an administrator set', async () => {
  assert.equal((await setPolicy('closed')).status, 204)
  assert.deepEqual((await system.get('/v1/auth/policy')).body, { signup: 'closed', minimumPasswordLength: 12 })
  assert.equal((await register({ username: 'closed-out', password: PASSWORD })).status, 403)
  assert.equal((await setPolicy('invite')).status, 204)
  assert.equal((await register({ username: 'uninvited', password: PASSWORD })).status, 403)
  const token = root.accessToken
  const created = await system.post('/v1/auth/admin/invites', { note: 'for Zoe' }, { token })
  assert.equal(created.status, 201)
  const { token: invite } = created.body
  assert.equal(created.body.url, `https://files.example.org/register#invite=${invite}`)

  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, n) => register({ username: `zoe${n}`, password: PASSWORD, invite }))
  )
  assert.equal(answers.filter(({ status }) => status === 201).length, 1)
  assert.equal(answers.filter(({ status }) => status === 403).length, 19)
  const [listed] = (await system.get('/v1/auth/admin/invites', { token })).body.items
  assert.equal(listed.note, 'for Zoe')
  assert.notEqual(listed.usedAt, null)

  const second = (await system.post('/v1/auth/admin/invites', {}, { token })).body
  for (const variant of [second.token.slice(0, -1), `${second.token}A`, second.token.toUpperCase()]) {
    assert.equal((await register({ username: 'guess', password: PASSWORD, invite: variant })).status, 403)
  }
  const third = (await system.post('/v1/auth/admin/invites', {}, { token })).body
  const withdrawn = await system.call('DELETE', `/v1/auth/admin/invites/${third.invite.id}`, undefined, { token })
  assert.equal(withdrawn.status, 204)
  assert.equal((await register({ username: 'guess', password: PASSWORD, invite: third.token })).status, 403)
  system.backing.clock.travel(8 * 86_400_000)
  assert.equal((await register({ username: 'late', password: PASSWORD, invite: second.token })).status, 403)

  // The administrator's access token has run out on the way.
  const again = userOf(await system.login('root'))
  const reopened = await system.call('PUT', '/v1/auth/admin/policy', { signup: 'open' }, { token: again.accessToken })
  assert.equal(reopened.status, 204)
})

test('a failed registration does not use up the invitation', async () => {
  const { accessToken: token } = userOf(await system.login('root'))
  const { token: invite } = (await system.post('/v1/auth/admin/invites', {}, { token })).body
  assert.equal((await register({ username: 'root', password: PASSWORD, invite })).status, 409)
  assert.equal((await register({ username: 'fresh', password: PASSWORD, invite })).status, 201)
})

test('SEC-083 the e-mail address changes only with the current password', async () => {
  const user = userOf(await register({ username: 'changer', password: PASSWORD, email: 'old@example.org' }))
  const patch = (body: unknown) => system.call('PATCH', '/v1/auth/me', body, { token: user.accessToken })
  assert.equal((await patch({ email: 'new@example.org' })).status, 400)
  assert.equal((await patch({ email: 'new@example.org', currentPassword: 'not the password' })).status, 403)
  assert.equal((await patch({ email: 'a@x.example', currentPassword: PASSWORD })).status, 409)
  const changed = await patch({ email: 'new@example.org', currentPassword: PASSWORD })
  assert.deepEqual([changed.status, changed.body.email], [200, 'new@example.org'])
  assert.equal((await system.login('old@example.org')).status, 401)
  assert.equal((await system.login('new@example.org')).status, 200)
  assert.equal((await patch({ email: null, currentPassword: PASSWORD })).body.email, null)
})
