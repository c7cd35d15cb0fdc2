import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BUS_SCHEMA, busMigrations, createPostgresBus } from '@cairn/bus/postgres'
import { createSystemClock, createSystemRandom } from '@cairn/runtime'
import { createTestDatabase, createTestLogger, waitFor } from '@cairn/testing'
import { startGateway } from './_gateway.ts'

test('FLT-028 an administrator sees what a consumer gave up on, and replays it', async (t) => {
  await using test = await createTestDatabase({ schema: BUS_SCHEMA, migrations: busMigrations })
  const random = createSystemRandom()
  await using bus = createPostgresBus({
    database: test.database,
    clock: createSystemClock(),
    random,
    logger: createTestLogger().logger
  })
  let broken = true
  const handled: string[] = []
  await bus.subscribe({
    name: 'test.consumer',
    topics: ['test.topic'],
    maxAttempts: 1,
    handle: async (message) => {
      if (broken) throw new Error('the disk is on fire')
      handled.push(message.id)
    }
  })
  const identity = {
    verify: async () => ({
      userId: random.uuid(),
      credentialId: random.uuid(),
      credential: 'session' as const,
      admin: true,
      scopes: ['*']
    })
  }
  const { origin } = await startGateway(t, { host: { bus, identity } })
  const message = { id: random.uuid(), topic: 'test.topic', key: 'k', payload: {} }
  await bus.publish([message])

  const list = async () =>
    ((await (await fetch(`${origin}/v1/admin/dead-letters`)).json()) as { items: { id: string; reason: string }[] })
      .items
  const [letter] = await waitFor(async () => {
    const items = await list()
    return items.length > 0 ? items : undefined
  })
  assert.match(letter?.reason ?? '', /disk is on fire/)

  broken = false
  const replayed = await fetch(`${origin}/v1/admin/dead-letters/${letter?.id}/replay`, { method: 'POST' })
  assert.equal(replayed.status, 204)
  await waitFor(() => handled.includes(message.id))
  assert.deepEqual(await list(), [])
  const again = await fetch(`${origin}/v1/admin/dead-letters/${letter?.id}`, { method: 'DELETE' })
  assert.equal(again.status, 404)
})

test('SEC-129 dead letters are for administrators', async (t) => {
  const { origin } = await startGateway(t)
  assert.equal((await fetch(`${origin}/v1/admin/dead-letters`)).status, 401)
})
