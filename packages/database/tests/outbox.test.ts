import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { createSystemClock } from '@cairn/runtime'
import { createSeededRandom, createTestDatabase, createTestLogger, waitFor } from '@cairn/testing'
import { sql } from 'kysely'
import { appendToOutbox, createOutboxRelay, type Database, type OutboxMessage, outboxMigration } from '../src/index.ts'

const createOutbox = () => createTestDatabase({ schema: 'shop', migrations: [outboxMigration('shop')] })

const message = (key: string, payload: unknown): OutboxMessage => ({
  id: randomUUID(),
  topic: 'shop.sold',
  key,
  payload
})

const append = (database: Database<unknown>, messages: readonly OutboxMessage[]) =>
  database.transaction((tx) => appendToOutbox(tx, 'shop', messages))

interface FakeBus {
  readonly received: OutboxMessage[]
  readonly publish: (messages: readonly OutboxMessage[]) => Promise<void>
  fault: ((messages: readonly OutboxMessage[]) => boolean) | undefined
}

const createFakeBus = (): FakeBus => {
  const bus: FakeBus = {
    received: [],
    fault: undefined,
    publish: async (messages) => {
      await new Promise((resolve) => setImmediate(resolve))
      if (bus.fault?.(messages)) throw new Error('bus down')
      bus.received.push(...messages)
    }
  }
  return bus
}

const startRelay = (database: Database<unknown>, bus: FakeBus, seed = 1, batchSize = 500) => {
  const relay = createOutboxRelay({
    database,
    schema: 'shop',
    publish: bus.publish,
    clock: createSystemClock(),
    random: createSeededRandom(seed),
    logger: createTestLogger().logger,
    batchSize
  })
  relay.start()
  return { ...relay, [Symbol.asyncDispose]: relay.stop }
}

const payloadsOf = (bus: FakeBus, key: string) => bus.received.filter((m) => m.key === key).map((m) => m.payload)

test('messages of a committed transaction are published in order and removed; of a rolled back one never', async () => {
  await using outbox = await createOutbox()
  const bus = createFakeBus()
  await using relay = startRelay(outbox.database, bus)
  await assert.rejects(
    outbox.database.transaction(async (tx) => {
      await appendToOutbox(tx, 'shop', [message('a', 'never')])
      throw new Error('rolled back')
    })
  )
  const sent = Array.from({ length: 1200 }, (_, n) => message(`key-${n % 7}`, { n, none: null }))
  const [first, ...rest] = sent
  await append(outbox.database, [{ ...(first as OutboxMessage), traceparent: '00-trace' }, ...rest])
  relay.notify()
  await waitFor(() => bus.received.length === sent.length)
  assert.deepEqual(bus.received, [{ ...first, traceparent: '00-trace' }, ...rest])
  await waitFor(async () => (await relay.lag()).pending === 0)
})

test('notify publishes at once, without waiting for the next poll', async () => {
  await using outbox = await createOutbox()
  const bus = createFakeBus()
  await using relay = startRelay(outbox.database, bus)
  await append(outbox.database, [message('a', 0)])
  relay.notify()
  await waitFor(() => bus.received.length === 1)
  const started = performance.now()
  await append(outbox.database, [message('a', 1)])
  relay.notify()
  await waitFor(() => bus.received.length === 2, { interval: 1 })
  assert.ok(performance.now() - started < 1_000)
})

test('FLT-025: while the bus is down nothing is lost, lag is visible, and the outbox drains in order afterwards', async () => {
  await using outbox = await createOutbox()
  const bus = createFakeBus()
  let attempts = 0
  bus.fault = () => {
    attempts += 1
    return true
  }
  await using relay = startRelay(outbox.database, bus)
  for (let n = 0; n < 20; n += 1) await append(outbox.database, [message(`key-${n % 3}`, n)])
  relay.notify()
  await waitFor(() => attempts > 4)
  const lag = await relay.lag()
  assert.equal(lag.pending, 20)
  assert.ok(lag.oldestAge > 0)
  bus.fault = undefined
  await waitFor(() => bus.received.length === 20)
  assert.deepEqual(
    bus.received.map((m) => m.payload),
    Array.from({ length: 20 }, (_, n) => n)
  )
})

test('a message the bus refuses holds up its own key only, and keeps that key in order', async () => {
  await using outbox = await createOutbox()
  const bus = createFakeBus()
  let healed = false
  bus.fault = (messages) => !healed && messages.some((m) => m.payload === 'poison')
  await using relay = startRelay(outbox.database, bus)
  await append(outbox.database, [
    message('bad', 'poison'),
    message('bad', 'after'),
    message('good', 1),
    message('fine', 2)
  ])
  relay.notify()
  await waitFor(() => bus.received.length === 2)
  await append(outbox.database, [message('good', 3), message('bad', 'later')])
  relay.notify()
  await waitFor(() => bus.received.length === 3)
  assert.deepEqual(payloadsOf(bus, 'bad'), [])
  healed = true
  await waitFor(() => bus.received.length === 6)
  assert.deepEqual(payloadsOf(bus, 'bad'), ['poison', 'after', 'later'])
})

test('several relays publish every message once and keep the order of each key', async () => {
  await using outbox = await createOutbox()
  const bus = createFakeBus()
  await using one = startRelay(outbox.database, bus, 1, 10)
  await using two = startRelay(outbox.database, bus, 2, 10)
  await using three = startRelay(outbox.database, bus, 3, 10)
  for (let n = 0; n < 60; n += 1) {
    await append(outbox.database, [message('a', n), message('b', n)])
    for (const relay of [one, two, three]) relay.notify()
  }
  await waitFor(() => bus.received.length >= 120)
  const expected = Array.from({ length: 60 }, (_, n) => n)
  assert.deepEqual(payloadsOf(bus, 'a'), expected)
  assert.deepEqual(payloadsOf(bus, 'b'), expected)
})

test('a relay killed while it held the lease is replaced when the lease expires', async () => {
  await using outbox = await createOutbox()
  const bus = createFakeBus()
  await sql`update shop.outbox_lease set holder = ${randomUUID()}, expires_at = now() + interval '500 ms'`.execute(
    outbox.database.query
  )
  await append(outbox.database, [message('a', 1)])
  await using _relay = startRelay(outbox.database, bus)
  await waitFor(() => bus.received.length === 1)
})
