import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { waitFor } from '@cairn/testing'
import { joinSystem, OTHER_PASSWORD, PASSWORD, type System, startSystem, type User, userOf } from './_system.ts'

let system: System
let source = 0
before(async () => {
  system = await startSystem()
  await system.setUp()
})
after(() => system[Symbol.asyncDispose]())

const fromElsewhere = () => {
  source += 1
  return { ip: `198.51.100.${source}` }
}
const me = (token: string) => system.get('/v1/auth/me', { token })
const change = (user: User, body: unknown) => system.post('/v1/auth/password', body, { token: user.accessToken })
const confirm = (token: string, newPassword = OTHER_PASSWORD) =>
  system.post('/v1/auth/password-reset/confirm', { token, newPassword }, fromElsewhere())
const requestReset = (username: string, given = fromElsewhere()) =>
  system.post('/v1/auth/password-reset/request', { username }, given)

/** A fresh administrator: clocks are put forward here. */
const rootToken = async () => userOf(await system.login('root')).accessToken
const issue = async (user: User): Promise<string> => {
  const path = `/v1/auth/admin/users/${user.id}/password-reset`
  return (await system.post(path, undefined, { token: await rootToken() })).body.token
}
const messageUrls = async (userId: string): Promise<string[]> => {
  const { items } = (await system.get('/v1/auth/admin/messages', { token: await rootToken() })).body
  return items.filter((item: { userId: string }) => item.userId === userId).map(({ url }: { url: string }) => url)
}

test('SEC-083 the password changes only with the current one, and ends other sessions', async () => {
  const user = await system.register('changer')
  const other = userOf(await system.login('changer'))
  const wrong = await change(user, { currentPassword: OTHER_PASSWORD, newPassword: OTHER_PASSWORD })
  assert.equal(wrong.status, 403)
  assert.equal((await change(user, { newPassword: OTHER_PASSWORD })).status, 400)
  assert.equal((await change(user, { currentPassword: PASSWORD, newPassword: 'password1234' })).status, 400)

  assert.equal((await change(user, { currentPassword: PASSWORD, newPassword: OTHER_PASSWORD })).status, 204)
  assert.equal((await me(user.accessToken)).status, 200)
  await waitFor(async () => (await me(other.accessToken)).status === 401)
  assert.equal((await system.post('/v1/auth/refresh', { refreshToken: other.refreshToken })).status, 401)
  assert.equal((await system.post('/v1/auth/refresh', { refreshToken: user.refreshToken })).status, 200)
  assert.equal((await system.login('changer')).status, 401)
  assert.equal((await system.login('changer', OTHER_PASSWORD)).status, 200)
})

test('SEC-083 of parallel changes one succeeds', async () => {
  const user = await system.register('racer')
  const answers = await Promise.all(
    Array.from({ length: 5 }, (_, n) =>
      change(user, { currentPassword: PASSWORD, newPassword: `${OTHER_PASSWORD} ${n}` })
    )
  )
  assert.equal(answers.filter(({ status }) => status === 204).length, 1)
  assert.equal(answers.filter(({ status }) => status === 403).length, 4)
})

test('SEC-083 guessing the current password with a stolen session is limited', async () => {
  const user = await system.register('stolen')
  const statuses: number[] = []
  for (let n = 0; n < 15; n += 1) {
    statuses.push((await change(user, { currentPassword: `guess ${n}`, newPassword: OTHER_PASSWORD })).status)
  }
  assert.equal(statuses.filter((status) => status === 403).length, 10)
  assert.equal(statuses.at(-1), 429)
})

test('SEC-083 a reset link works once and ends all sessions', async () => {
  const user = await system.register('forgetful')
  const token = await issue(user)
  assert.match(token, /^crs_[\w-]{86}$/)
  assert.equal((await confirm(token, 'password1234')).status, 400)
  const answers = await Promise.all(Array.from({ length: 10 }, () => confirm(token)))
  assert.equal(answers.filter(({ status }) => status === 204).length, 1)
  assert.equal(answers.filter(({ status }) => status === 403).length, 9)
  await waitFor(async () => (await me(user.accessToken)).status === 401)
  assert.equal((await system.post('/v1/auth/refresh', { refreshToken: user.refreshToken })).status, 401)
  assert.equal((await system.login('forgetful')).status, 401)
  assert.equal((await system.login('forgetful', OTHER_PASSWORD)).status, 200)
})

test('SEC-083 a reset link dies after 30 minutes, by a newer one, and by changes of password or address', async () => {
  const user = await system.register('expiring')
  const old = await issue(user)
  system.backing.clock.travel(31 * 60_000)
  assert.equal((await confirm(old)).status, 403)

  const superseded = await issue(user)
  const voidedByMail = await issue(user)
  assert.equal((await confirm(superseded)).status, 403)
  const again = userOf(await system.login('expiring'))
  const patch = { email: 'expiring@example.org', currentPassword: PASSWORD }
  assert.equal((await system.call('PATCH', '/v1/auth/me', patch, { token: again.accessToken })).status, 200)
  assert.equal((await confirm(voidedByMail)).status, 403)

  const voidedByPassword = await issue(user)
  assert.equal((await change(again, { currentPassword: PASSWORD, newPassword: OTHER_PASSWORD })).status, 204)
  assert.equal((await confirm(voidedByPassword)).status, 403)
})

test('SEC-090 only the exact reset token works', async () => {
  const token = await issue(await system.register('exact'))
  for (const variant of [
    token.slice(0, -1),
    `${token}=`,
    token.toLowerCase(),
    ` ${token}`,
    token.replace('_', '%5F')
  ]) {
    assert.equal((await confirm(variant)).status, 403)
  }
  assert.equal((await confirm(token)).status, 204)
})

test('SEC-110 tokens of other purposes do not reset, and GET changes nothing', async () => {
  const user = await system.register('purposes')
  const { body } = await system.post('/v1/auth/admin/invites', {}, { token: await rootToken() })
  for (const token of [user.refreshToken, user.accessToken, body.token]) {
    assert.ok([400, 403].includes((await confirm(token)).status))
  }
  const token = await issue(user)
  const prefetch = await system.get(`/v1/auth/password-reset/confirm?token=${token}&newPassword=x`)
  assert.ok(prefetch.status === 404 || prefetch.status === 405)
  assert.equal((await confirm(token)).status, 204)
})

test('asking for a reset leaves a link for administrators, sealed in the database', async () => {
  const user = await system.register('asker')
  const answer = await requestReset('asker')
  assert.deepEqual([answer.status, answer.body], [202, undefined])
  const [url] = await messageUrls(user.id)
  const token = url?.split('#token=')[1] ?? ''
  assert.ok(url?.startsWith('https://files.example.org/reset-password#token=crs_'))
  const [row] = await system.sql('select sealed_body from auth.message where user_id = $1', [user.id])
  const sealed = row?.['sealed_body']
  assert.ok(Buffer.isBuffer(sealed) && !sealed.includes(token))
  assert.equal((await confirm(token)).status, 204)
  assert.deepEqual(await messageUrls(user.id), [])
})

test('SEC-081 asking for a reset answers the same for everybody', async () => {
  await system.register('known')
  const answers = await Promise.all(
    ['known', 'unknown', 'known@example.org', '..', 'a'.repeat(300)].map((name) => requestReset(name))
  )
  for (const { status, body } of answers) assert.deepEqual([status, body], [202, undefined])
})

test('SEC-109 asking often leaves few messages, and one source cannot ask for many', async () => {
  const user = await system.register('pestered')
  for (let n = 0; n < 8; n += 1) assert.equal((await requestReset('pestered')).status, 202)
  const events = await system.sql(
    "select * from auth.audit_event where user_id = $1 and type = 'password.reset_requested'",
    [user.id]
  )
  assert.equal(events.length, 3)
  const one = { ip: '203.0.113.9' }
  const statuses = []
  for (let n = 0; n < 12; n += 1) statuses.push((await requestReset(`victim${n}`, one)).status)
  assert.deepEqual(statuses.slice(-2), [429, 429])
})

test('a password hashed with less effort is hashed again at sign-in', async () => {
  await system.register('upgraded')
  const hashOf = async () =>
    (await system.sql("select password_hash from auth.account where name_fold = 'upgraded'"))[0]?.['password_hash']
  assert.match(String(await hashOf()), /m=64,t=1/)
  await using stronger = await joinSystem(system.backing, { config: { passwordMemoryKiB: 128, passwordPasses: 2 } })
  assert.equal((await stronger.login('upgraded')).status, 200)
  assert.match(String(await hashOf()), /m=128,t=2/)
  assert.equal((await system.login('upgraded')).status, 200)
  assert.match(String(await hashOf()), /m=128,t=2/)
})
