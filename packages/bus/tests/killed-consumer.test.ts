import assert from 'node:assert/strict'
import { type ChildProcess, fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { test } from 'node:test'
import { createTestDatabase, waitFor } from '@cairn/testing'
import { BUS_SCHEMA, busMigrations } from '../src/postgres/index.ts'
import { connectBus } from './_fixture.ts'
import { applyEffect, forgetAll, ledgerMigrations, totalOf } from './_ledger.ts'

const sale = (key: string, payload: string) => ({ id: randomUUID(), topic: 'sale', key, payload })

interface Report {
  readonly ready?: boolean
  readonly handled?: string
}

const startConsumer = async (url: string, maxAttempts = 8) => {
  const child: ChildProcess = fork(new URL('./_consumer-process.ts', import.meta.url), [url, String(maxAttempts)])
  const reports: Report[] = []
  child.on('message', (report) => reports.push(report as Report))
  const exited = once(child, 'exit')
  await waitFor(
    () => reports.some(({ ready }) => ready === true) || child.exitCode !== null || child.signalCode !== null
  )
  const kill = async () => {
    child.kill('SIGKILL')
    await exited
  }
  return {
    handled: () => reports.flatMap(({ handled }) => handled ?? []),
    exited,
    kill,
    [Symbol.asyncDispose]: kill
  }
}

const createWorld = async () => {
  const server = await createTestDatabase({ schema: BUS_SCHEMA, migrations: busMigrations })
  const { bus, close } = await connectBus(server.url)
  const ledger = await server.open('ledger', ledgerMigrations)
  await (await bus.subscribe({ name: 'ledger.book', topics: ['sale'], handle: async () => {} })).stop()
  return {
    bus,
    ledger,
    url: server.url,
    [Symbol.asyncDispose]: async () => {
      await bus[Symbol.asyncDispose]()
      await close()
      await server[Symbol.asyncDispose]()
    }
  }
}

test('FLT-030: the inbox makes the effect happen once although the killed consumer’s message comes again', async () => {
  await using world = await createWorld()
  await using consumer = await startConsumer(world.url)
  const killed = sale('k', 'hang')
  await world.bus.publish([killed, sale('k', 'after')])
  await waitFor(() => consumer.handled().includes('hang'))
  assert.equal(await totalOf(world.ledger), 1)
  await consumer.kill()

  const seen: string[] = []
  await world.bus.subscribe({
    name: 'ledger.book',
    topics: ['sale'],
    handle: async ({ id, payload }) => {
      seen.push(`${payload} ${await applyEffect(world.ledger, id)}`)
    }
  })
  await waitFor(() => seen.length === 2)
  assert.deepEqual(seen, ['hang false', 'after true'])
  assert.equal(await totalOf(world.ledger), 2)
  assert.equal(await forgetAll(world.ledger), 2)
})

test('FLT-028: a message that kills its consumer is dead-lettered after its attempts; its neighbours are not', async () => {
  await using world = await createWorld()
  const neighbours = Array.from({ length: 20 }, (_, n) => sale(`key-${n}`, `n${n}`))
  await world.bus.publish([...neighbours.slice(0, 10), sale('bad', 'poison'), ...neighbours.slice(10)])

  const dead = () => world.bus.deadLetters.list({ limit: 10 })
  let deaths = 0
  while ((await dead()).length === 0 && deaths < 6) {
    await using consumer = await startConsumer(world.url, 2)
    const died = await Promise.race([
      consumer.exited.then(() => true),
      waitFor(async () => (await dead()).length > 0, { timeout: 20_000 }).then(() => false)
    ])
    if (died) deaths += 1
  }
  await using _consumer = await startConsumer(world.url, 2)
  await waitFor(async () => (await totalOf(world.ledger)) === 20)
  const [letter, ...rest] = await dead()
  assert.deepEqual(rest, [])
  assert.equal(letter?.message.payload, 'poison')
  assert.match(letter?.reason ?? '', /process ended/)
  assert.ok(deaths >= 2 && deaths <= 4, `consumers died ${deaths} times`)
})
