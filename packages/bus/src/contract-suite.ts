import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, test } from 'node:test'
import { waitFor } from '@cairn/testing'
import type { Bus, BusMessage, Subscription } from './bus.ts'

export interface BusFixture extends AsyncDisposable {
  /** Connects as another process would. Retries should be quick: a few milliseconds, growing slowly. */
  connect(): Promise<ConnectedBus>
}

export interface ConnectedBus {
  readonly bus: Bus
  /** The process is gone: nothing it has not acknowledged yet ever will be. */
  crash(): Promise<void>
}

const TOPIC = 'contract.happened'

/** What every bus driver must do. `create` gives a broker with nothing in it. */
export const testBusContract = (name: string, create: () => Promise<BusFixture>): void => {
  describe(`bus contract: ${name}`, () => {
    test('a message reaches every subscription of its topic, exactly as it was published', async () => {
      await using fixture = await create()
      const { bus } = await fixture.connect()
      const one = await listen(bus, { name: 'contract.one' })
      const two = await listen(bus, { name: 'contract.two', topics: ['contract.other', TOPIC] })
      const other = await listen(bus, { name: 'contract.other', topics: ['contract.other'] })
      const sent: BusMessage = {
        id: randomUUID(),
        topic: TOPIC,
        key: 'räksmörgås',
        payload: { text: 'a\u0000\u{1F9C0}', list: [1, 2.5, null, true], nested: { empty: {} } },
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
      }
      await bus.publish([sent, { id: randomUUID(), topic: 'contract.nobody', key: 'k', payload: null }])
      await waitFor(() => one.length === 1 && two.length === 1)
      assert.deepEqual(one, [sent])
      assert.deepEqual(two, [sent])
      assert.deepEqual(other, [])
    })

    test('a subscription is durable: it collects while no consumer runs, but nothing from before it existed', async () => {
      await using fixture = await create()
      const first = await fixture.connect()
      await first.bus.publish([message('k', 'too early')])
      const consumer = await first.bus.subscribe({ name: 'contract.durable', topics: [TOPIC], handle: async () => {} })
      await consumer.stop()
      await first.bus.publish([message('k', 1), message('k', 2)])
      const second = await fixture.connect()
      const received = await listen(second.bus, { name: 'contract.durable' })
      await waitFor(() => received.length === 2)
      assert.deepEqual(payloads(received), [1, 2])
    })

    test('publishing a message again while it waits does not queue it twice', async () => {
      await using fixture = await create()
      const { bus } = await fixture.connect()
      const gate = Promise.withResolvers<void>()
      const received = await listen(bus, { name: 'contract.idempotent', handle: () => gate.promise })
      const repeated = message('k', 'once')
      await bus.publish([repeated, repeated])
      await bus.publish([repeated])
      await bus.publish([message('k', 'last')])
      gate.resolve()
      await waitFor(() => payloads(received).includes('last'))
      assert.deepEqual(payloads(received), ['once', 'last'])
    })

    test('each key keeps its order, also around a message that fails and is tried again', async () => {
      await using fixture = await create()
      const { bus } = await fixture.connect()
      const handled: string[] = []
      let failures = 3
      await bus.subscribe({
        name: 'contract.order',
        topics: [TOPIC],
        concurrency: 4,
        handle: async ({ key, payload }) => {
          if (key === 'b' && payload === 5 && failures > 0) {
            failures -= 1
            throw new Error('not yet')
          }
          handled.push(`${key}${payload}`)
        }
      })
      const keys = ['a', 'b', 'c']
      for (let n = 0; n < 10; n += 1) await bus.publish(keys.map((key) => message(key, n)))
      await waitFor(() => handled.length === 30)
      for (const key of keys) {
        const expected = Array.from({ length: 10 }, (_, n) => `${key}${n}`)
        assert.deepEqual(
          handled.filter((entry) => entry.startsWith(key)),
          expected
        )
      }
    })

    test('keys are handled side by side up to the limit; one that takes long holds up nobody else', async () => {
      await using fixture = await create()
      const { bus } = await fixture.connect()
      const slow = Promise.withResolvers<void>()
      let running = 0
      let most = 0
      const received = await listen(bus, {
        name: 'contract.concurrency',
        concurrency: 3,
        handle: async ({ key }) => {
          running += 1
          most = Math.max(most, running)
          await (key === 'slow' ? slow.promise : new Promise((resolve) => setTimeout(resolve, 2)))
          running -= 1
        }
      })
      await bus.publish([message('slow', 0), ...Array.from({ length: 20 }, (_, n) => message(`key-${n}`, n))])
      await waitFor(() => received.length === 20)
      await bus.publish([message('late', 0)])
      await waitFor(() => received.length === 21)
      assert.equal(most, 3)
      slow.resolve()
      await waitFor(() => received.length === 22)
    })

    test('consumers in several processes share a subscription: nothing lost, each key in order', async () => {
      await using fixture = await create()
      const { bus } = await fixture.connect()
      const received: BusMessage[] = []
      const handle = async (incoming: BusMessage) => {
        received.push(incoming)
      }
      for (const connected of [await fixture.connect(), await fixture.connect(), await fixture.connect()]) {
        await connected.bus.subscribe({ name: 'contract.shared', topics: [TOPIC], handle })
      }
      const sent = Array.from({ length: 90 }, (_, n) => message(`key-${n % 3}`, n))
      for (let at = 0; at < sent.length; at += 10) await bus.publish(sent.slice(at, at + 10))
      await waitFor(() => received.length >= sent.length)
      assert.equal(received.length, sent.length, 'nobody crashed, so nothing was delivered twice')
      for (const key of ['key-0', 'key-1', 'key-2']) {
        const of = (messages: readonly BusMessage[]) => payloads(messages.filter((m) => m.key === key))
        assert.deepEqual(of(received), of(sent))
      }
    })

    test('FLT-026: messages sent three times and shuffled reach a handler that keeps ids once each in effect', async () => {
      await using fixture = await create()
      const { bus } = await fixture.connect()
      const effects = new Map<string, unknown>()
      let deliveries = 0
      await bus.subscribe({
        name: 'contract.duplicates',
        topics: [TOPIC],
        handle: async ({ id, payload }) => {
          deliveries += 1
          effects.set(id, payload)
          // The first attempt of some fails after its effect: these are seen again.
          if (deliveries % 10 === 1) throw new Error('after the effect')
        }
      })
      const sent = Array.from({ length: 100 }, (_, n) => message(`key-${n % 10}`, n))
      for (let copy = 0; copy < 3; copy += 1) {
        const shuffled = sent.map((_, n) => sent[(n * 37 + copy * 11) % 100] as BusMessage)
        for (let at = 0; at < 100; at += 25) await bus.publish(shuffled.slice(at, at + 25))
      }
      await waitFor(() => effects.size === 100)
      await settled(() => deliveries)
      assert.ok(deliveries > 100, 'the handler has seen duplicates')
      assert.deepEqual([...effects.values()].sort(byNumber), payloads(sent))
      assert.deepEqual(await bus.deadLetters.list({ limit: 10 }), [])
    })

    test('FLT-028: a message that always fails is dead-lettered with its reason, others flow, replay works', async () => {
      await using fixture = await create()
      const { bus } = await fixture.connect()
      let healed = false
      const received = await listen(bus, {
        name: 'contract.poison',
        maxAttempts: 3,
        handle: async ({ payload }) => {
          if (payload === 'poison' && !healed) throw new TypeError('unknown version 9')
        }
      })
      const poison = message('bad', 'poison')
      await bus.publish([poison, message('bad', 'behind'), message('good', 1)])
      await waitFor(() => received.length === 2)
      const [dead, ...rest] = await waitFor(async () => {
        const list = await bus.deadLetters.list({ subscription: 'contract.poison', limit: 10 })
        return list.length > 0 && list
      })
      assert.deepEqual(rest, [])
      assert.ok(dead)
      assert.deepEqual(dead.message, poison)
      assert.equal(dead.attempts, 3)
      assert.match(dead.reason, /TypeError: unknown version 9/)
      assert.ok(Math.abs(dead.deadAt - Date.now()) < 60_000)
      assert.deepEqual(await bus.deadLetters.list({ subscription: 'contract.elsewhere', limit: 10 }), [])
      assert.deepEqual(await bus.deadLetters.list({ limit: 10, after: dead.id }), [])

      healed = true
      assert.equal(await bus.deadLetters.replay(dead.id), true)
      assert.equal(await bus.deadLetters.replay(dead.id), false)
      await waitFor(() => received.length === 3)
      assert.deepEqual(await bus.deadLetters.list({ limit: 10 }), [])
    })

    test('FLT-028: a discarded dead letter is gone; what is not there cannot be discarded', async () => {
      await using fixture = await create()
      const { bus } = await fixture.connect()
      await listen(bus, { name: 'contract.discard', maxAttempts: 1, handle: () => Promise.reject(new Error('no')) })
      await bus.publish([message('k', 1), message('k', 2)])
      const dead = await waitFor(async () => {
        const list = await bus.deadLetters.list({ limit: 10 })
        return list.length === 2 && list
      })
      const [first] = await bus.deadLetters.list({ limit: 1 })
      assert.deepEqual(first, dead[0])
      assert.equal(await bus.deadLetters.discard(dead[0]?.id ?? ''), true)
      assert.equal(await bus.deadLetters.discard(dead[0]?.id ?? ''), false)
      assert.equal(await bus.deadLetters.discard('not-an-id'), false)
      assert.deepEqual(await bus.deadLetters.list({ limit: 10, after: dead[0]?.id ?? '' }), [dead[1]])
    })

    test('FLT-030: a consumer killed after the effect and before its acknowledgement sees the message again', async () => {
      await using fixture = await create()
      const first = await fixture.connect()
      const effects: string[] = []
      await first.bus.subscribe({
        name: 'contract.killed',
        topics: [TOPIC],
        handle: async ({ payload }, signal) => {
          effects.push(`first ${payload}`)
          await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
        }
      })
      const second = await fixture.connect()
      await second.bus.publish([message('k', 'a'), message('k', 'b')])
      await waitFor(() => effects.length === 1)
      await first.crash()
      await second.bus.subscribe({
        name: 'contract.killed',
        topics: [TOPIC],
        handle: async ({ payload }) => {
          effects.push(`second ${payload}`)
        }
      })
      await waitFor(() => effects.length === 3)
      assert.deepEqual(effects, ['first a', 'second a', 'second b'])
    })

    test('stop begins nothing more and waits for what is in flight; the rest waits for the next consumer', async () => {
      await using fixture = await create()
      const { bus } = await fixture.connect()
      const handled: unknown[] = []
      const gate = Promise.withResolvers<void>()
      const consumer = await bus.subscribe({
        name: 'contract.stop',
        topics: [TOPIC],
        concurrency: 1,
        handle: async ({ payload }) => {
          await gate.promise
          handled.push(payload)
        }
      })
      await bus.publish([message('k', 1), message('k', 2), message('l', 3)])
      await settled(() => handled.length)
      const stopping = consumer.stop()
      gate.resolve()
      await stopping
      assert.deepEqual(handled, [1])
      const received = await listen(bus, { name: 'contract.stop' })
      await waitFor(() => received.length === 2)
      assert.deepEqual(payloads(received).sort(byNumber), [2, 3])
    })

    test('closing aborts handlers; their message comes back without having lost an attempt', async () => {
      await using fixture = await create()
      const first = await fixture.connect()
      let begun = 0
      await first.bus.subscribe({
        name: 'contract.abort',
        topics: [TOPIC],
        maxAttempts: 1,
        handle: (_, signal) =>
          new Promise((_, reject) => {
            begun += 1
            signal.addEventListener('abort', () => reject(signal.reason), { once: true })
          })
      })
      const second = await fixture.connect()
      await second.bus.publish([message('k', 'again')])
      await waitFor(() => begun === 1)
      await first.bus[Symbol.asyncDispose]()
      const received = await listen(second.bus, { name: 'contract.abort', maxAttempts: 1 })
      await waitFor(() => received.length === 1)
      assert.deepEqual(await second.bus.deadLetters.list({ limit: 10 }), [])
    })

    test('check resolves while the bus works; a closed bus refuses', async () => {
      await using fixture = await create()
      const { bus } = await fixture.connect()
      await bus.check(AbortSignal.timeout(5_000))
      await assert.rejects(bus.publish([message('k', 1)], AbortSignal.abort(new Error('enough'))), /enough/)
      await bus[Symbol.asyncDispose]()
      await assert.rejects(bus.publish([message('k', 1)]))
    })
  })
}

const message = (key: string, payload: unknown): BusMessage => ({ id: randomUUID(), topic: TOPIC, key, payload })

const payloads = (messages: readonly BusMessage[]): unknown[] => messages.map(({ payload }) => payload)

const byNumber = (a: unknown, b: unknown): number => Number(a) - Number(b)

/** Subscribes and collects what was handled successfully. */
const listen = async (bus: Bus, options: Partial<Subscription> & { name: string }): Promise<readonly BusMessage[]> => {
  const received: BusMessage[] = []
  const { handle } = options
  await bus.subscribe({
    topics: [TOPIC],
    ...options,
    handle: async (incoming, signal) => {
      await handle?.(incoming, signal)
      received.push(incoming)
    }
  })
  return received
}

/** Resolves when a figure has stopped changing. */
const settled = async (figure: () => number): Promise<void> => {
  let last = figure()
  let since = performance.now()
  await waitFor(() => {
    if (figure() !== last) since = performance.now()
    last = figure()
    return performance.now() - since > 300
  })
}
