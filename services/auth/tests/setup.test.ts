import assert from 'node:assert/strict'
import { test } from 'node:test'
import { waitFor } from '@cairn/testing'
import { createBacking } from './_host.ts'
import { joinSystem, PASSWORD, startSystem } from './_system.ts'

test('the first administrator is made with the token, once', async () => {
  await using system = await startSystem()
  assert.deepEqual((await system.get('/v1/auth/setup')).body, { required: true })
  assert.equal(system.auth.setup.required, true)
  assert.match(system.auth.setup.token ?? '', /^cairn-setup-[\w-]{32}$/)

  const root = await system.setUp('root')
  assert.deepEqual((await system.get('/v1/auth/setup')).body, { required: false })
  const me = await system.get('/v1/auth/me', { token: root.accessToken })
  assert.equal(me.status, 200)
  assert.equal(me.body.admin, true)
  assert.equal((await system.get('/v1/auth/admin/users', { token: root.accessToken })).status, 200)

  const again = { token: system.auth.setup.token, username: 'second', password: PASSWORD }
  assert.equal((await system.post('/v1/auth/setup', again)).status, 409)
})

test('a wrong set-up token makes nobody, and guessing it is limited', async () => {
  await using system = await startSystem()
  const token = system.auth.setup.token ?? ''
  for (const wrong of [`${token}x`, token.slice(0, -1), token.toUpperCase(), 'x']) {
    const answer = await system.post('/v1/auth/setup', { token: wrong, username: 'root', password: PASSWORD })
    assert.equal(answer.status, 401)
  }
  const statuses = []
  for (let n = 0; n < 12; n += 1) {
    statuses.push(
      (await system.post('/v1/auth/setup', { token: 'guess', username: 'root', password: PASSWORD })).status
    )
  }
  assert.equal(statuses.at(-1), 429)
  assert.equal((await system.sql('select * from auth.account')).length, 0)
})

test('of fifty parallel set-ups on two replicas one succeeds', async () => {
  await using backing = await createBacking()
  await using one = await joinSystem(backing)
  await using two = await joinSystem(backing)
  assert.equal(one.auth.setup.token, two.auth.setup.token)
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, n) =>
      (n % 2 === 0 ? one : two).post(
        '/v1/auth/setup',
        { token: one.auth.setup.token, username: `root${n}`, password: PASSWORD },
        { ip: `192.0.2.${n}` }
      )
    )
  )
  assert.equal(answers.filter(({ status }) => status === 200).length, 1)
  assert.ok(answers.every(({ status }) => status === 200 || status === 409))
  assert.equal((await one.sql('select * from auth.account')).length, 1)
  assert.equal((await one.sql('select * from auth.username')).length, 1)
})

test('a preset token replaces the printed one until set-up is done', async () => {
  await using backing = await createBacking()
  const preset = 'an-operator-chose-this-one'
  {
    await using first = await joinSystem(backing)
    assert.notEqual(first.auth.setup.token, preset)
  }
  await using second = await joinSystem(backing, { config: { setupToken: preset } })
  assert.equal(second.auth.setup.token, preset)
  await second.setUp()
  await using third = await joinSystem(backing, { config: { setupToken: preset } })
  assert.deepEqual(third.auth.setup, { required: false })
})

test('nobody registers before the administrator', async () => {
  await using system = await startSystem()
  assert.equal((await system.post('/v1/auth/register', { username: 'early', password: PASSWORD })).status, 409)
})

test('new users are announced on the bus', async () => {
  await using system = await startSystem()
  const root = await system.setUp()
  const ann = await system.register('Ann')
  const messages = await waitFor(() => system.backing.published.length >= 2 && system.backing.published)
  assert.deepEqual(
    messages.map(({ topic, key, payload }) => ({ topic, key, payload })),
    [root, ann].map(({ id, username }) => ({
      topic: 'auth.user-registered',
      key: id,
      payload: { userId: id, username }
    }))
  )
  await waitFor(async () => (await system.sql('select * from auth.event_outbox')).length === 0)
})
