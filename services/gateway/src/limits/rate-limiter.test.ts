import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Cache } from '@cairn/cache'
import { createLogger } from '@cairn/runtime'
import { createRateLimiter } from './rate-limiter.ts'

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

const setUp = (increment: Cache['increment'], limit = 10) => {
  const time = { now: 1_000_000 }
  const cache = { increment } as Cache
  const clock = { now: () => time.now, sleep: () => Promise.resolve() }
  const create = () =>
    createRateLimiter({
      cache,
      clock,
      logger: createLogger({ level: 'silent' }),
      name: 'test',
      limit,
      windowMs: 60_000
    })
  return { time, create }
}

const sharedCounter = (): Cache['increment'] => {
  const counters = new Map<string, number>()
  return async (key, by, windowMs) => {
    const value = (counters.get(key) ?? 0) + by
    counters.set(key, value)
    return { value, resetMs: windowMs }
  }
}

describe('rate limiter', () => {
  test('refuses what is above the limit, until the window ends', async () => {
    const { time, create } = setUp(sharedCounter())
    const limiter = create()
    for (let count = 0; count < 10; count += 1) assert.equal(limiter.hit('a'), undefined)
    assert.equal(limiter.hit('a'), 60)
    assert.equal(limiter.hit('b'), undefined)
    await settle()
    time.now += 60_001
    assert.equal(limiter.hit('a'), undefined)
  })

  test('SEC-079 several gateways count together', async () => {
    const { create } = setUp(sharedCounter())
    const [first, second] = [create(), create()]
    for (let count = 0; count < 6; count += 1) {
      assert.equal(first.hit('a'), undefined)
      await settle()
    }
    let passed = 0
    for (let count = 0; count < 10; count += 1) {
      if (second.hit('a') === undefined) passed += 1
      await settle()
    }
    assert.ok(passed <= 5, `${passed} passed`)
  })

  test('SEC-079 a burst does not pass while the shared counter is being asked', () => {
    const { create } = setUp(() => new Promise(() => undefined))
    const limiter = create()
    const passed = Array.from({ length: 200 }, () => limiter.hit('a')).filter((wait) => wait === undefined)
    assert.equal(passed.length, 10)
  })

  test('SEC-079 holds locally while the shared counter is down', async () => {
    const { create } = setUp(() => Promise.reject(new Error('down')))
    const limiter = create()
    let passed = 0
    for (let count = 0; count < 50; count += 1) {
      if (limiter.hit('a') === undefined) passed += 1
      await settle()
    }
    assert.equal(passed, 10)
  })

  test('memory is bounded however many sources there are', () => {
    const { create } = setUp(sharedCounter(), 1000)
    const limiter = create()
    for (let source = 0; source < 60_000; source += 1) assert.equal(limiter.hit(String(source)), undefined)
  })
})
