import assert from 'node:assert/strict'
import { createHmac, randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { Client, createUser, type Page, type SignIn, signIn, type User } from './_api.ts'
import { expectProblem, expectStatus, type Reply, withoutRequestId } from './_http.ts'
import { sendRaw } from './_raw.ts'
import { OCTETS, TUS, tusCreate } from './_tus.ts'
import { waitFor } from './_wait.ts'
import { createWorld } from './_world.ts'

const { server, admin } = await createWorld()
const anonymous = new Client(server.url)
expectStatus(await admin.send({ method: 'PUT', path: '/v1/auth/admin/policy', json: { signup: 'open' } }), 204)
const bearer = (token: string): Client => new Client(server.url, `Bearer ${token}`)
const password = (): string => `harbour ${randomUUID()}`
/** Limits count per source; every test speaks from an address of its own. */
let lastAddress = 1
const newAddress = (): string => `127.0.0.${++lastAddress}`

interface ProblemUser {
  readonly user: { readonly id: string; readonly username: string }
}

test('SEC-006 usernames that are paths, look alike or hide something', async () => {
  const create = (username: string) => admin.post('/v1/auth/admin/users', { username, password: password() })
  for (const bad of [
    '..',
    '.',
    'a/b',
    'a\\b',
    'nul\u0000l',
    '',
    ' ',
    'ann.',
    '.ann',
    'a..b',
    'ann\u200b',
    'раypal-x',
    '\ud800',
    'x'.repeat(65)
  ]) {
    const problem = expectProblem(await create(bad), 400)
    assert.match(problem.code, /^invalid_(name|request)$/, JSON.stringify(bad))
  }
  for (const fine of ['con', 'files', 'Ann', 'José']) expectStatus(await create(fine), 201)
  for (const taken of ['ann', 'ＡＮＮ', 'Jose\u0301', 'CON']) expectProblem(await create(taken), 409, 'name_taken')
})

test('SEC-031 fields that are not for the caller are refused, not ignored', async () => {
  const user = await createUser(admin)
  const me = async () => (await admin.get(`/v1/auth/admin/users/${user.id}`)).text
  const before = await me()
  for (const extra of [{ admin: true }, { role: 'admin' }, { quota: 1 }, { emailVerified: true }, { id: admin.id }]) {
    const localAddress = newAddress()
    const body = { username: `mass-${randomUUID().slice(0, 8)}`, password: password(), ...extra }
    expectProblem(await anonymous.post('/v1/auth/register', body, { localAddress }), 400, 'invalid_request')
    const change = { email: null, currentPassword: user.password, ...extra }
    expectProblem(await user.patch('/v1/auth/me', change), 400, 'invalid_request')
  }
  expectProblem(await admin.patch(`/v1/auth/admin/users/${user.id}`, { passwordHash: 'x' }), 400)
  const file = await user.store('mine.txt', 'x')
  for (const extra of [
    { ownerId: admin.id },
    { size: 0 },
    { versionId: randomUUID() },
    { createdAt: '2020-01-01' },
    { storageKey: 'x' }
  ]) {
    expectProblem(await user.patch(`/v1/drives/personal/nodes/${file.id}`, { name: 'renamed', ...extra }), 400)
  }
  assert.equal(await me(), before)
  assert.equal((await user.get(`/v1/drives/personal/nodes/${file.id}`)).json<{ name: string }>().name, 'mine.txt')
})

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

test('SEC-073 forged access tokens are 401, all with one answer', async () => {
  const user = await createUser(admin)
  const [header = '', payload = '', signature = ''] = user.signIn.accessToken.split('.')
  const { keys } = (await anonymous.get('/.well-known/jwks.json')).json<{ keys: Record<string, string>[] }>()
  const [key = {}] = keys
  const head = JSON.parse(Buffer.from(header, 'base64url').toString()) as Record<string, unknown>
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>
  const hs256 = (secret: string) => {
    const text = `${part({ ...head, alg: 'HS256' })}.${payload}`
    return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
  }
  const forged = [
    `${part({ ...head, alg: 'none' })}.${payload}.`,
    `${part({ ...head, alg: 'None' })}.${payload}.${signature}`,
    `${part({ alg: 'none' })}.${payload}.`,
    `${header}.${payload}.`,
    `${header}.${payload}`,
    `${header}.${payload}.${'A'.repeat(86)}`,
    `${header}.${part({ ...claims, sub: admin.id })}.${signature}`,
    `${header}.${part({ ...claims, adm: true, exp: 9e9 })}.${signature}`,
    hs256(key['x'] ?? ''),
    hs256(JSON.stringify(key)),
    hs256(''),
    ...[
      { jwk: key },
      { jku: `${server.url}/.well-known/jwks.json` },
      { x5u: 'http://127.0.0.1:9/' },
      { kid: '../../etc/passwd' },
      { kid: "' or '1'='1" },
      { kid: '' },
      { crit: ['exp'] },
      { b64: false },
      { typ: 'JWT' },
      { zip: 'DEF' }
    ].map((extra) => `${part({ ...head, ...extra })}.${payload}.${signature}`),
    `${Buffer.from(`{"alg":"none",${JSON.stringify(head).slice(1)}`).toString('base64url')}.${payload}.${signature}`
  ]
  const answers = new Set<string>()
  for (const token of forged) {
    const reply = await bearer(token).get('/v1/drives/personal')
    expectProblem(reply, 401, 'unauthenticated')
    answers.add(withoutRequestId(reply))
  }
  assert.equal(answers.size, 1)
  assert.equal((await user.get('/v1/drives/personal')).status, 200)
})

test('SEC-075 oversized and encrypted tokens are refused at once', async () => {
  const user = await createUser(admin)
  const [header, payload] = user.signIn.accessToken.split('.')
  const started = performance.now()
  for (const [token, statuses] of [
    [`${header}.${payload}.${'A'.repeat(7000)}`, [401]],
    [`${header}.${payload}.${'A'.repeat(22_000)}`, [401, 431]],
    ['a'.repeat(1_000_000), [431, 0]],
    [`${part({ alg: 'PBES2-HS256+A128KW', enc: 'A128GCM', p2c: 2 ** 31 })}.AAAA.AAAA.AAAA.AAAA`, [401]],
    [`${part({ alg: 'dir', enc: 'A256GCM', zip: 'DEF' })}..AAAA.${'A'.repeat(5000)}.AAAA`, [401]]
  ] as const) {
    const head = `GET /v1/drives/personal HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer ${token}\r\n\r\n`
    const { status } = await sendRaw(server, head)
    assert.ok((statuses as readonly number[]).includes(status), `${token.length} characters: ${status}`)
  }
  assert.ok(performance.now() - started < 2500, 'nobody waits for it')
})

const refresh = (refreshToken: string): Promise<Reply> => anonymous.post('/v1/auth/refresh', { refreshToken })

test('SEC-076 a refresh token used twice: the same successor in the grace, the end of the session after it', async () => {
  const user = await createUser(admin)
  const first = user.signIn.refreshToken
  const parallel = await Promise.all([refresh(first), refresh(first), refresh(first)])
  const successors = parallel.map((reply) => expectStatus(reply, 200).json<SignIn>().refreshToken)
  assert.equal(new Set(successors).size, 1, 'parallel tabs and lost replies agree')
  const second = successors[0] ?? ''
  const third = expectStatus(await refresh(second), 200).json<SignIn>()
  expectProblem(await refresh(first), 401)
  expectProblem(await refresh(third.refreshToken), 401)
  expectProblem(await bearer(third.accessToken).get('/v1/auth/me'), 401)
  const again = await signIn(server.url, user.username, user.password)
  const audit = (await bearer(again.accessToken).get('/v1/auth/audit')).json<Page<{ type: string }>>()
  assert.ok(audit.items.some(({ type }) => type === 'refresh_reuse'))
})

test('SEC-077 what was revoked is dead at once everywhere', async () => {
  const revoke: Record<string, (user: User) => Promise<Reply>> = {
    logout: (user) => user.post('/v1/auth/logout'),
    'logout everywhere': (user) => user.post('/v1/auth/logout-all'),
    disabled: (user) => admin.patch(`/v1/auth/admin/users/${user.id}`, { disabled: true }),
    deleted: (user) => admin.delete(`/v1/auth/admin/users/${user.id}`),
    'ended by an administrator': (user) => admin.post(`/v1/auth/admin/users/${user.id}/logout`)
  }
  for (const [name, end] of Object.entries(revoke)) {
    const user = await createUser(admin)
    const app = bearer((await user.appPassword()).secret)
    const upload = await tusCreate(user, 10, { filename: 'open.bin' })
    assert.equal((await app.get('/v1/drives/personal')).status, 200)
    expectStatus(await end(user), 200, 204)
    expectProblem(await user.get('/v1/drives/personal'), 401)
    expectProblem(await refresh(user.signIn.refreshToken), 401)
    const headers = { ...TUS, 'upload-offset': 0, 'content-type': OCTETS }
    expectProblem(await user.send({ method: 'PATCH', path: upload, headers, body: 'x'.repeat(10) }), 401)
    const dead = name === 'disabled' || name === 'deleted'
    assert.equal((await app.get('/v1/drives/personal')).status, dead ? 401 : 200, `app password after: ${name}`)
  }
})

test('SEC-077 a lost administrator right is lost with the next request', async () => {
  const user = await createUser(admin)
  await admin.patch(`/v1/auth/admin/users/${user.id}`, { admin: true })
  const session = bearer((await signIn(server.url, user.username, user.password)).accessToken)
  expectStatus(await session.get('/v1/admin/storage/stats'), 200)
  await admin.patch(`/v1/auth/admin/users/${user.id}`, { admin: false })
  expectProblem(await session.get('/v1/admin/storage/stats'), 403)
})

test('SEC-079 guesses are limited per account and source, also in parallel and by any spelling', async () => {
  const user = await createUser(admin)
  const localAddress = newAddress()
  const spellings = [user.username, user.username.toUpperCase(), user.username.replace('u', 'ｕ')]
  const guess = (index: number) =>
    anonymous.post(
      '/v1/auth/login',
      { username: spellings[index % spellings.length], password: `guess number ${index}` },
      { localAddress, headers: { 'x-forwarded-for': `10.0.0.${index}`, 'x-real-ip': `10.0.1.${index}` } }
    )
  const replies = await Promise.all(Array.from({ length: 40 }, (_, index) => guess(index)))
  const tried = replies.filter(({ status }) => status === 401).length
  assert.ok(tried <= 10, `${tried} guesses were judged`)
  for (const reply of replies.filter(({ status }) => status !== 401)) {
    expectProblem(reply, 429, 'rate_limited')
    assert.ok(Number(reply.headers['retry-after']) > 0)
  }
  const right = { username: user.username, password: user.password }
  expectProblem(await anonymous.post('/v1/auth/login', right, { localAddress }), 429)
  expectStatus(await anonymous.post('/v1/auth/login', right), 200)
})

test('SEC-081 existing, missing and disabled accounts look the same', async () => {
  const user = await createUser(admin)
  const disabled = await createUser(admin)
  await admin.patch(`/v1/auth/admin/users/${disabled.id}`, { disabled: true })
  const names = [user.username, disabled.username, 'nobody-of-that-name', 'nobody@example.org']
  const answers = async (path: string, body: (username: string) => object): Promise<Set<string>> => {
    const localAddress = newAddress()
    const replies = await Promise.all(names.map((name) => anonymous.post(path, body(name), { localAddress })))
    return new Set(replies.map(withoutRequestId))
  }
  assert.equal((await answers('/v1/auth/login', (username) => ({ username, password: 'wrong wrong wrong' }))).size, 1)
  assert.equal((await answers('/v1/auth/password-reset/request', (username) => ({ username }))).size, 1)
  const basic = (name: string) =>
    new Client(server.url, `Basic ${Buffer.from(`${name}:cairn_${'a'.repeat(49)}`).toString('base64')}`)
  const replies = await Promise.all(names.map((name) => basic(name).get('/v1/drives/personal')))
  assert.equal(new Set(replies.map(withoutRequestId)).size, 1)
  expectProblem(replies[0] as Reply, 401)
})

test('SEC-081 an unknown account costs the same hash', async () => {
  const user = await createUser(admin)
  const localAddress = newAddress()
  const time = async (username: string): Promise<number> => {
    const started = performance.now()
    await anonymous.post('/v1/auth/login', { username, password: 'wrong wrong wrong' }, { localAddress })
    return performance.now() - started
  }
  const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
  const known: number[] = []
  const unknown: number[] = []
  for (let round = 0; round < 9; round += 1) {
    known.push(await time(user.username))
    unknown.push(await time(`nobody-${round}`))
  }
  const [a, b] = [median(known), median(unknown)]
  assert.ok(b > a * 0.4 && b < a * 2.5, `known ${a.toFixed(1)} ms, unknown ${b.toFixed(1)} ms`)
})

test('SEC-083 a stolen session changes no credentials; reset tokens are single use and die with a new one', async () => {
  const user = await createUser(admin)
  expectProblem(await user.post('/v1/auth/password', { newPassword: password() }), 400)
  const wrong = { currentPassword: 'not the password', newPassword: password() }
  expectProblem(await user.post('/v1/auth/password', wrong), 403)
  expectProblem(await user.patch('/v1/auth/me', { email: 'thief@example.org' }), 400)
  expectProblem(await user.patch('/v1/auth/me', { email: 'thief@example.org', currentPassword: 'not it at all' }), 403)

  const link = async () =>
    expectStatus(await admin.post(`/v1/auth/admin/users/${user.id}/password-reset`), 200).json<{ token: string }>()
      .token
  const confirm = (token: string) =>
    anonymous.post('/v1/auth/password-reset/confirm', { token, newPassword: password() })
  const older = await link()
  const newer = await link()
  expectProblem(await confirm(older), 403)
  const parallel = await Promise.all([confirm(newer), confirm(newer), confirm(newer)])
  assert.deepEqual(parallel.map(({ status }) => status).sort(), [204, 403, 403])

  const before = await link()
  const chosen = password()
  const other = await link()
  expectStatus(await anonymous.post('/v1/auth/password-reset/confirm', { token: other, newPassword: chosen }), 204)
  expectProblem(await confirm(before), 403)
  await signIn(server.url, user.username, chosen)
})

test('SEC-085 parallel registrations of one name and one address make one account', async () => {
  const username = `race-${randomUUID().slice(0, 8)}`
  const register = (index: number) => {
    const name = index % 2 === 0 ? username : username.toUpperCase()
    const body = { username: name, password: password() }
    return anonymous.post('/v1/auth/register', body, { localAddress: `127.0.1.${index + 1}` })
  }
  const statuses = (await Promise.all(Array.from({ length: 20 }, (_, index) => register(index)))).map((r) => r.status)
  assert.equal(statuses.filter((status) => status === 201).length, 1)
  assert.ok(
    statuses.every((status) => [201, 409, 503].includes(status)),
    String(statuses)
  )

  const email = `${username}@example.org`
  const byMail = (index: number) => {
    const address = index % 2 === 0 ? email : email.toUpperCase()
    const body = { username: `mail-${index}-${username}`, email: address, password: password() }
    return anonymous.post('/v1/auth/register', body, { localAddress: `127.0.2.${index + 1}` })
  }
  const mails = (await Promise.all(Array.from({ length: 10 }, (_, index) => byMail(index)))).map((r) => r.status)
  assert.equal(mails.filter((status) => status === 201).length, 1)
})

test('SEC-090 tokens have exactly one spelling', async () => {
  const user = await createUser(admin)
  const { secret } = await user.appPassword()
  const flip = (text: string): string =>
    text.replace(/[a-z](?=[^a-z]*$)/i, (c) => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase()))
  const variants = (token: string): string[] => [
    token.slice(0, -1),
    `${token}A`,
    `${token}=`,
    flip(token),
    token.toUpperCase(),
    encodeURIComponent(`${token} `),
    token.replace('_', '%5F')
  ]
  for (const variant of variants(secret).filter((text) => text !== secret)) {
    expectProblem(await bearer(variant).get('/v1/drives/personal'), 401)
  }
  for (const variant of variants(user.signIn.refreshToken).filter((text) => text !== user.signIn.refreshToken)) {
    expectProblem(await refresh(variant), 401)
  }
  expectProblem(await refresh(secret), 401)
  expectProblem(await bearer(user.signIn.refreshToken).get('/v1/drives/personal'), 401)
  assert.equal((await bearer(secret).get('/v1/drives/personal')).status, 200)
  expectStatus(await refresh(user.signIn.refreshToken), 200)
  const created = (await admin.get(`/v1/auth/admin/users/${user.id}`)).json<ProblemUser['user']>()
  assert.equal(created.id, user.id)
})

test('SEC-090 secrets are never listed and never logged', async () => {
  const user = await createUser(admin)
  const { secret } = await user.appPassword()
  await bearer(secret).get('/v1/drives/personal?bogus=1')
  await bearer(`${secret}x`).get('/v1/drives/personal')
  const { text } = await user.get('/v1/auth/app-passwords')
  const metrics = await anonymous.get('/metrics')
  const audit = await admin.get('/v1/auth/admin/audit?limit=1000')
  await waitFor('the log has been written', () => server.logs().length > 0 || server.dataFolder === undefined)
  for (const planted of [secret, user.password, user.signIn.accessToken, user.signIn.refreshToken]) {
    for (const place of [text, metrics.text, audit.text, server.logs()]) assert.ok(!place.includes(planted))
  }
})

test('SEC-091 a request by cookie that changes something must come from our own page', async () => {
  const user = await createUser(admin)
  const own = { origin: server.url, 'sec-fetch-site': 'same-origin', 'x-cairn-csrf': '1' }
  const login = { username: user.username, password: user.password, cookies: true }
  const reply = expectStatus(await anonymous.post('/v1/auth/login', login, { headers: own }), 200)
  const cookie = (reply.headers['set-cookie'] ?? []).map((line) => line.split(';')[0]).join('; ')
  const { 'x-cairn-csrf': _csrf, ...noHeader } = own
  const { origin: _origin, ...noOrigin } = own
  const foreign = [
    { ...own, origin: 'https://evil.example' },
    { ...own, origin: 'null' },
    { ...own, origin: `${server.url}.evil.example` },
    { ...own, 'sec-fetch-site': 'cross-site' },
    { ...own, 'sec-fetch-site': 'same-site' },
    noHeader,
    noOrigin,
    {}
  ]
  const json = { name: 'forged' }
  for (const headers of foreign) {
    const withCookie = { ...headers, cookie }
    const call = (method: string, path: string, body?: unknown) =>
      anonymous.send({ method, path, json: body, headers: withCookie })
    expectProblem(await call('POST', '/v1/drives/personal/folders', json), 403, 'csrf_refused')
    expectProblem(await call('POST', '/v1/auth/refresh'), 403, 'csrf_refused')
    expectProblem(await call('POST', '/v1/auth/logout'), 403, 'csrf_refused')
    expectProblem(await call('DELETE', '/v1/drives/personal/trash'), 403, 'csrf_refused')
    expectProblem(await anonymous.post('/v1/auth/login', login, { headers }), 403, 'csrf_refused')
    const put = { method: 'PUT', path: '/v1/drives/personal/files/forged', body: 'x', headers: withCookie }
    expectProblem(await anonymous.send(put), 403, 'csrf_refused')
  }
  for (const contentType of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
    const headers = { ...own, cookie, 'content-type': contentType }
    const form = { method: 'POST', path: '/v1/drives/personal/folders', headers, body: JSON.stringify(json) }
    expectProblem(await anonymous.send(form), 415)
  }
  const override = { ...own, cookie, 'x-http-method-override': 'DELETE' }
  const read = await anonymous.get('/v1/drives/personal', { headers: override })
  assert.equal(read.status, 200, 'a GET stays a GET')
  assert.equal((await user.children((await user.drive()).rootId)).length, 0)
})
