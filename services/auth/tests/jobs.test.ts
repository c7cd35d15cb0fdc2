import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Bus, BusMessage } from '@cairn/bus'
import { waitFor } from '@cairn/testing'
import { createBacking } from './_host.ts'
import { joinSystem, userOf } from './_system.ts'

test('rows nobody can use any more are deleted, what is in use stays', async () => {
  await using backing = await createBacking()
  {
    await using system = await joinSystem(backing)
    const root = await system.setUp()
    await system.post('/v1/auth/admin/invites', {}, { token: root.accessToken })
    await system.post('/v1/auth/app-passwords', { name: 'kept' }, { token: root.accessToken })
    const gone = (await system.post('/v1/auth/app-passwords', { name: 'gone' }, { token: root.accessToken })).body
    await system.call('DELETE', `/v1/auth/app-passwords/${gone.id}`, undefined, { token: root.accessToken })
    await system.post('/v1/auth/password-reset/request', { username: 'root' })
  }
  backing.clock.travel(61 * 86_400_000)
  await using later = await joinSystem(backing)
  const count = async (table: string) => (await later.sql(`select * from auth.${table}`)).length
  await waitFor(async () => (await count('session')) === 0)
  await waitFor(async () => (await count('invite')) + (await count('reset_token')) + (await count('message')) === 0)
  assert.equal(await count('app_password'), 1)
  assert.equal(await count('account'), 1)
  assert.ok((await count('audit_event')) > 3)
})

test('FLT-025 events wait for the bus and keep their order', async () => {
  await using backing = await createBacking()
  const published: BusMessage[] = []
  let up = false
  const bus: Bus = {
    publish: async (messages) => {
      if (!up) throw new Error('the bus is down')
      published.push(...messages)
    },
    subscribe: () => Promise.reject(new Error('unused')),
    deadLetters: { list: async () => [], replay: async () => false, discard: async () => false },
    backlog: async () => [],
    check: async () => undefined,
    [Symbol.asyncDispose]: async () => undefined
  }
  await using system = await joinSystem(backing, { bus })
  const users = [await system.setUp(), await system.register('ann'), await system.register('bob')]
  assert.equal(userOf(await system.login('ann')).username, 'ann')
  assert.equal((await system.sql('select * from auth.event_outbox')).length, 3)
  up = true
  users.push(await system.register('carl'))
  await waitFor(() => published.length === 4)
  assert.deepEqual(
    published.map(({ key }) => key),
    users.map(({ id }) => id)
  )
  await waitFor(async () => (await system.sql('select * from auth.event_outbox')).length === 0)
})
