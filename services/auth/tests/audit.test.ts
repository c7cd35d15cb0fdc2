import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { waitFor } from '@cairn/testing'
import { OTHER_PASSWORD, PASSWORD, type System, startSystem, type User, userOf } from './_system.ts'

const SYSTEM_STREAM = '00000000-0000-0000-0000-000000000000'

let system: System
let root: User
before(async () => {
  system = await startSystem()
  root = await system.setUp()
})
after(() => system[Symbol.asyncDispose]())

const asRoot = (path: string) => system.get(`/v1/auth/admin/${path}`, { token: root.accessToken })
const verdict = async (userId: string) => (await asRoot(`audit/verify?user=${userId}`)).body

test('what happens to an account is told, with who, from where and why', async () => {
  const user = await system.register('watched')
  await system.login('watched', OTHER_PASSWORD, { ip: '203.0.113.77', headers: { 'user-agent': 'Probe/1.0' } })
  await system.post('/v1/auth/logout', undefined, { token: user.accessToken })
  const again = userOf(await system.login('watched'))
  const { items } = (await system.get('/v1/auth/audit', { token: again.accessToken })).body
  assert.deepEqual(
    items.map(({ type, result, reason, sequence }: Record<string, unknown>) => [sequence, type, result, reason]),
    [
      [4, 'sign_in', 'done', ''],
      [3, 'sign_out', 'done', ''],
      [2, 'sign_in', 'refused', 'wrong_password'],
      [1, 'account.created', 'done', '']
    ]
  )
  const [, left, guess] = items
  assert.deepEqual([guess.ip, guess.userAgent, guess.actorId], ['203.0.113.77', 'Probe/1.0', null])
  assert.equal(left.actorId, user.id)
  assert.match(left.sessionHash, /^[0-9a-f]{16}$/)
  assert.equal(JSON.stringify(items).includes(user.sessionId), false)
})

test('own events are one’s own; administrators see all, page by page', async () => {
  const ann = await system.register('ann')
  await system.register('bob')
  const own = (await system.get('/v1/auth/audit', { token: ann.accessToken })).body.items
  assert.ok(own.every(({ subjectId }: { subjectId: string }) => subjectId === ann.id))
  const ids: string[] = []
  let cursor: string | null = ''
  do {
    const { body }: { body: { items: { id: string }[]; nextCursor: string | null } } = await asRoot(
      `audit?limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`
    )
    ids.push(...body.items.map(({ id }) => id))
    cursor = body.nextCursor
  } while (cursor !== null)
  const [row] = await system.sql('select count(*)::int as count from auth.audit_event')
  assert.equal(ids.length, row?.['count'])
  assert.equal(new Set(ids).size, ids.length)
  assert.deepEqual(ids, [...ids].sort().reverse())
  assert.equal((await asRoot('audit?cursor=bm90LWFuLWlk')).status, 400)
})

test('events of nobody known go to the system’s stream', async () => {
  await system.login('nobody-at-all')
  const { items } = (await asRoot(`audit?user=${SYSTEM_STREAM}&limit=1`)).body
  assert.deepEqual([items[0].type, items[0].reason, items[0].subjectId], ['sign_in', 'no_such_account', null])
})

test('parallel events of one stream keep the chain unbroken', async () => {
  const user = await system.register('busy')
  await Promise.all(
    Array.from({ length: 40 }, (_, n) =>
      system.login('busy', n % 2 ? PASSWORD : OTHER_PASSWORD, { ip: `198.18.1.${n}` })
    )
  )
  const { ok, events, hash } = await verdict(user.id)
  assert.deepEqual([ok, events], [true, 41])
  assert.match(hash, /^[0-9a-f]{64}$/)
})

const tampering: [string, string, number][] = [
  ['edited', "update auth.audit_event set ip = '127.0.0.1' where user_id = $1 and seq = 3", 3],
  ['edited in its details', 'update auth.audit_event set details = \'{"x":1}\' where user_id = $1 and seq = 2', 2],
  ['deleted', 'delete from auth.audit_event where user_id = $1 and seq = 3', 3],
  ['cut off at the end', 'delete from auth.audit_event where user_id = $1 and seq = 5', 5],
  [
    'swapped',
    'update auth.audit_event set seq = case seq when 2 then 3 else 2 end + 100 where user_id = $1 and seq in (2, 3); ',
    2
  ],
  [
    'inserted',
    `insert into auth.audit_event select user_id, 6, gen_random_uuid(), at, type, actor_id, result, reason, ip, user_agent,
      session_hash, request_id, details, hash from auth.audit_event where user_id = $1 and seq = 5`,
    5
  ]
]

for (const [what, statement, badSequence] of tampering) {
  test(`SEC-131 a row that was ${what} is named`, async () => {
    const user = await system.register(`tampered-${what.replaceAll(' ', '-')}`)
    for (let n = 0; n < 4; n += 1) await system.login(user.username)
    assert.equal((await verdict(user.id)).ok, true)
    await system.sql(statement, [user.id])
    if (what === 'inserted') {
      await system.sql('update auth.audit_head set seq = 6 where user_id = $1', [user.id])
      assert.deepEqual((await verdict(user.id)).badSequence, 6)
      return
    }
    if (what === 'swapped') {
      await system.sql('update auth.audit_event set seq = seq - 100 where user_id = $1 and seq > 100', [user.id])
    }
    const result = await verdict(user.id)
    assert.deepEqual([result.ok, result.badSequence], [false, badSequence])
  })
}

test('SEC-127 no secret reaches the log or the audit', async () => {
  const user = await system.register('discreet')
  const app = (await system.post('/v1/auth/app-passwords', { name: 'phone' }, { token: user.accessToken })).body
  await system.get('/v1/auth/me', { token: app.secret })
  await system.login('discreet', 'planted wrong password')
  await system.post('/v1/auth/refresh', { refreshToken: user.refreshToken })
  const reset = (
    await system.post(`/v1/auth/admin/users/${user.id}/password-reset`, undefined, { token: root.accessToken })
  ).body
  await system.post('/v1/auth/password-reset/confirm', { token: reset.token, newPassword: OTHER_PASSWORD })
  await waitFor(async () => (await system.get('/v1/auth/me', { token: user.accessToken })).status === 401)

  const audit = JSON.stringify(await system.sql('select * from auth.audit_event'))
  const written = JSON.stringify(system.logs) + audit
  const secrets = [
    PASSWORD,
    OTHER_PASSWORD,
    'planted wrong password',
    user.accessToken,
    user.refreshToken,
    app.secret,
    reset.token,
    system.auth.setup.token ?? ''
  ]
  for (const secret of secrets) assert.ok(!written.includes(secret))
})
