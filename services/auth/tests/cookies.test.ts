import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Answer, ownPage, PASSWORD, type System, startSystem } from './_system.ts'

let system: System
before(async () => {
  system = await startSystem()
  await system.setUp()
  await system.register('ann')
})
after(() => system[Symbol.asyncDispose]())

const login = (headers: Record<string, string>) =>
  system.post('/v1/auth/login', { username: 'ann', password: PASSWORD, cookies: true }, { headers })

const cookiesOf = (answer: Answer): Record<string, string> =>
  Object.fromEntries(answer.cookies.map(({ name, value }) => [name, value]))

test('signing in with cookies keeps the tokens out of the body', async () => {
  const answer = await login(ownPage())
  assert.equal(answer.status, 200)
  assert.equal(answer.body.accessToken, undefined)
  assert.equal(answer.body.refreshToken, undefined)
  const [access, refresh] = answer.cookies
  assert.deepEqual(
    { ...access, value: '' },
    { name: '__Host-cairn-access', value: '', path: '/', maxAge: 600, httpOnly: true, sameSite: 'Lax', secure: true }
  )
  assert.deepEqual(
    { ...refresh, value: '', maxAge: 0 },
    { name: '__Host-cairn-refresh', value: '', path: '/', maxAge: 0, httpOnly: true, sameSite: 'Strict', secure: true }
  )
  for (const line of [answer.headers['set-cookie']].flat()) assert.ok(String(line).length < 4096)
})

test('the cookies sign in, refresh and sign out', async () => {
  const first = cookiesOf(await login(ownPage()))
  assert.equal((await system.get('/v1/auth/me', { headers: ownPage(first) })).status, 200)
  const refreshed = await system.post('/v1/auth/refresh', undefined, { headers: ownPage(first) })
  assert.equal(refreshed.status, 200)
  assert.equal(refreshed.body.refreshToken, undefined)
  const second = cookiesOf(refreshed)
  assert.notEqual(second['__Host-cairn-refresh'], first['__Host-cairn-refresh'])
  const left = await system.post('/v1/auth/logout', undefined, { headers: ownPage(second) })
  assert.equal(left.status, 204)
  assert.deepEqual(cookiesOf(left), { '__Host-cairn-access': '', '__Host-cairn-refresh': '' })
  const over = await system.post('/v1/auth/refresh', undefined, { headers: ownPage(second) })
  assert.equal(over.status, 401)
  assert.deepEqual(cookiesOf(over), { '__Host-cairn-access': '', '__Host-cairn-refresh': '' })
})

test('SEC-091 requests by cookie from elsewhere are refused', async () => {
  const cookies = cookiesOf(await login(ownPage()))
  const own = ownPage(cookies)
  const without = (name: string) => Object.fromEntries(Object.entries(own).filter(([key]) => key !== name))
  const foreign: Record<string, string>[] = [
    { ...own, origin: 'https://evil.example' },
    { ...own, origin: 'null' },
    { ...own, origin: 'http://files.example.org' },
    { ...own, origin: 'https://files.example.org.evil.example' },
    { ...own, 'sec-fetch-site': 'cross-site' },
    { ...own, 'sec-fetch-site': 'same-site' },
    without('x-cairn-csrf'),
    without('origin')
  ]
  for (const headers of foreign) {
    const { cookie: _cookie, ...fresh } = headers
    const answers = [
      await login(fresh),
      await system.post('/v1/auth/refresh', undefined, { headers }),
      await system.post('/v1/auth/refresh', {}, { headers }),
      await system.post('/v1/auth/logout', undefined, { headers }),
      await system.post('/v1/auth/logout-all', undefined, { headers }),
      await system.post('/v1/auth/password', { currentPassword: PASSWORD, newPassword: PASSWORD }, { headers }),
      await system.post('/v1/auth/app-passwords', { name: 'x' }, { headers })
    ]
    for (const answer of answers) assert.deepEqual([answer.status, answer.body.code], [403, 'csrf_refused'])
  }
  assert.equal((await system.get('/v1/auth/me', { headers: own })).status, 200)
})

test('SEC-091 forms, plain text and GET do nothing', async () => {
  const cookies = cookiesOf(await login(ownPage()))
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
    const body = JSON.stringify({ username: 'ann', password: PASSWORD })
    const answer = await system.post('/v1/auth/login', body, { headers: { 'content-type': type } })
    assert.equal(answer.status, 415, type)
  }
  for (const path of ['/v1/auth/logout', '/v1/auth/refresh', '/v1/auth/logout-all']) {
    const answer = await system.get(path, { headers: ownPage(cookies) })
    assert.ok(answer.status === 404 || answer.status === 405)
  }
  const override = await system.get('/v1/auth/me?_method=DELETE', {
    headers: { ...ownPage(cookies), 'x-http-method-override': 'DELETE' }
  })
  assert.ok(override.status === 200 || override.status === 400)
  assert.equal((await system.get('/v1/auth/me', { headers: ownPage(cookies) })).status, 200)
})

test('over plain http the cookies have plain names and are not Secure', async () => {
  await using plain = await startSystem({ publicOrigin: 'http://localhost:8080' })
  await plain.setUp()
  const headers = { ...ownPage(), origin: 'http://localhost:8080' }
  const answer = await plain.post(
    '/v1/auth/login',
    { username: 'root', password: PASSWORD, cookies: true },
    { headers }
  )
  assert.deepEqual(
    answer.cookies.map(({ name, secure, httpOnly }) => [name, secure, httpOnly]),
    [
      ['cairn-access', undefined, true],
      ['cairn-refresh', undefined, true]
    ]
  )
  const cookie = answer.cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
  assert.equal((await plain.post('/v1/auth/refresh', undefined, { headers: { ...headers, cookie } })).status, 200)
})

test('two cookies of one name are refused', async () => {
  const cookies = cookiesOf(await login(ownPage()))
  const refresh = `__Host-cairn-refresh=${cookies['__Host-cairn-refresh']}`
  const headers = { ...ownPage(), cookie: `${refresh}; ${refresh}` }
  assert.equal((await system.post('/v1/auth/refresh', undefined, { headers })).status, 401)
})

test('SEC-091 signing out clears the cookies only of those who sent them', async () => {
  const headers = { cookie: 'other=1', origin: 'https://evil.example' }
  const answer = await system.post('/v1/auth/logout', undefined, { headers })
  assert.deepEqual([answer.status, answer.cookies], [204, []])
})
