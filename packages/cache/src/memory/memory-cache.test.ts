import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createManualClock, createTestLogger, waitFor } from '@cairn/testing'
import { testCacheContract } from '../contract-suite.ts'
import { createMemoryCache } from './memory-cache.ts'

testCacheContract('memory', async () => {
  const clock = createManualClock()
  const cache = createMemoryCache({ clock })
  return { cache, pass: clock.advance, [Symbol.asyncDispose]: () => cache[Symbol.asyncDispose]() }
})

test('the least recently used entries go when there are too many', async () => {
  await using cache = createMemoryCache({ clock: createManualClock(), maxEntries: 3 })
  for (const key of ['a', 'b', 'c']) await cache.set(key, key, 1_000)
  await cache.get('a')
  await cache.set('d', 'd', 1_000)
  assert.deepEqual(await Promise.all(['a', 'b', 'c', 'd'].map((key) => cache.get(key))), ['a', undefined, 'c', 'd'])
})

test('memory is bounded by length too; a value far too large is not kept', async () => {
  await using cache = createMemoryCache({ clock: createManualClock(), maxLength: 1_600 })
  await cache.set('huge', 'x'.repeat(200), 1_000)
  assert.equal(await cache.get('huge'), undefined)
  for (let n = 0; n < 40; n += 1) await cache.set(`key-${n}`, 'x'.repeat(80), 1_000)
  const kept = await Promise.all(Array.from({ length: 40 }, (_, n) => cache.get(`key-${n}`)))
  assert.ok(kept.filter((value) => value !== undefined).length < 20)
})

test('a flood of values does not reset counters', async () => {
  await using cache = createMemoryCache({ clock: createManualClock(), maxEntries: 10 })
  await cache.increment('sign-in', 4, 60_000)
  for (let n = 0; n < 100; n += 1) await cache.set(`flood-${n}`, 'x', 1_000)
  assert.equal((await cache.increment('sign-in', 1, 60_000)).value, 5)
})

test('a handler that throws is logged and does not keep the others from hearing', async () => {
  const { logger, records } = createTestLogger()
  await using cache = createMemoryCache({ clock: createManualClock(), logger })
  const heard: string[] = []
  await cache.subscribe('c', () => {
    throw new Error('handler broke')
  })
  await cache.subscribe('c', (message) => heard.push(message))
  await cache.publish('c', 'hello')
  await waitFor(() => heard.length === 1)
  assert.equal(records.length, 1)
})
