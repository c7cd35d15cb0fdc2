import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Cache } from '@cairn/cache'
import { createMemoryCache } from '@cairn/cache/memory'
import { createManualClock, createTestLogger } from '@cairn/testing'
import { createLimiter, type Limiter } from './limiter.ts'
import { createLocalCounters } from './local-counters.ts'

const limit = { name: 'test', max: 8, windowMs: 60_000 }
const wide = { name: 'wide', max: 1000, windowMs: 60_000 }

const limiterOf = (change: (cache: Cache) => Cache = (cache) => cache) => {
  const clock = createManualClock()
  const limited: string[] = []
  const limiter = createLimiter({
    cache: change(createMemoryCache({ clock })),
    clock,
    logger: createTestLogger().logger,
    onLimited: ({ name }) => limited.push(name)
  })
  return { limiter, clock, limited }
}

const admitted = async (limiter: Limiter, attempts: number, subject = 'a'): Promise<number> => {
  const all = await Promise.all(Array.from({ length: attempts }, () => limiter.admit([{ limit, subject }])))
  return all.filter(({ ok }) => ok).length
}

test('SEC-079 a parallel burst passes as many as the limit says, per subject', async () => {
  const { limiter } = limiterOf()
  assert.equal(await admitted(limiter, 200), 8)
  assert.equal(await admitted(limiter, 5, 'b'), 5)
})

test('the window ends', async () => {
  const { limiter, clock } = limiterOf()
  assert.equal(await admitted(limiter, 20), 8)
  const refused = await limiter.admit([{ limit, subject: 'a' }])
  assert.ok(!refused.ok && refused.waitMs === 60_000 && !refused.first)
  await clock.advance(60_000)
  assert.equal(await admitted(limiter, 20), 8)
})

test('what succeeded is given back', async () => {
  const { limiter } = limiterOf()
  for (let n = 0; n < 50; n += 1) {
    const admission = await limiter.admit([{ limit, subject: 'a' }])
    assert.ok(admission.ok)
    await admission.refund()
  }
})

test('a refused attempt does not use up the limits behind', async () => {
  const { limiter, limited } = limiterOf()
  for (let n = 0; n < 1005; n += 1) {
    await limiter.admit([
      { limit, subject: 'a' },
      { limit: wide, subject: 'account' }
    ])
  }
  assert.equal(limited.length, 997)
  assert.ok((await limiter.admit([{ limit: wide, subject: 'account' }])).ok)
})

test('SEC-079 FLT-021 without the cache a strict local limit holds', async () => {
  const { limiter } = limiterOf((cache) => ({ ...cache, increment: () => Promise.reject(new Error('down')) }))
  assert.equal(await admitted(limiter, 200), 3)
})

test('SEC-079 require tells how long to wait', async () => {
  const { limiter } = limiterOf()
  await admitted(limiter, 8)
  await assert.rejects(limiter.require([{ limit, subject: 'a' }]), { code: 'rate_limited', retryAfter: 60 })
})

test('local counters are bounded', () => {
  const counters = createLocalCounters(createManualClock(), 3)
  for (const key of ['a', 'b', 'c', 'a', 'd']) counters.increment(key, 1, 1000)
  assert.equal(counters.increment('a', 1, 1000).value, 3)
  assert.equal(counters.increment('b', 1, 1000).value, 1)
})
