import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { waitFor } from '@cairn/testing'
import type { Cache } from './cache.ts'

export interface CacheFixture extends AsyncDisposable {
  readonly cache: Cache
  /** A second connection to the same cache, as another replica would have; absent when it is not shared. */
  readonly replica?: Cache
  /** Lets time pass for the cache; a driver over a real server waits. Milliseconds. */
  readonly pass?: (ms: number) => Promise<void>
}

/** What every cache driver must do. Entries may vanish early, so nothing here waits for one to stay. */
export const testCacheContract = (name: string, create: () => Promise<CacheFixture>): void => {
  describe(`cache contract: ${name}`, () => {
    // Drivers over a shared server must not meet leftovers of earlier runs.
    const fresh = (label: string) => `${label}-${randomUUID()}`

    test('a value is read back exactly, until overwritten or deleted', async () => {
      await using fixture = await create()
      const { cache } = fixture
      const key = fresh('value')
      assert.equal(await cache.get(key), undefined)
      const value = `{"name":"räksmörgås \u{1F9C0}","zero":"\\u0000"}\n`
      await cache.set(key, value, 10_000)
      assert.equal(await cache.get(key), value)
      await cache.set(key, '', 10_000)
      assert.equal(await cache.get(key), '')
      await cache.delete(key)
      await cache.delete(key)
      assert.equal(await cache.get(key), undefined)
    })

    test('a value is gone after its time to live', async () => {
      await using fixture = await create()
      const key = fresh('ttl')
      await fixture.cache.set(key, 'short', 40)
      await fixture.cache.set(`${key}-long`, 'long', 60_000)
      await (fixture.pass ?? sleep)(60)
      assert.equal(await fixture.cache.get(key), undefined)
      assert.equal(await fixture.cache.get(`${key}-long`), 'long')
    })

    test('a time to live must be positive', async () => {
      await using fixture = await create()
      for (const ttl of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
        await assert.rejects(fixture.cache.set(fresh('bad'), 'x', ttl), RangeError)
        await assert.rejects(fixture.cache.increment(fresh('bad'), 1, ttl), RangeError)
      }
    })

    test('a counter adds up within its window, which starts at the first increment', async () => {
      await using fixture = await create()
      const { cache } = fixture
      const key = fresh('counter')
      const first = await cache.increment(key, 1, 1_000)
      assert.equal(first.value, 1)
      assert.ok(first.resetMs > 900 && first.resetMs <= 1_000)
      await (fixture.pass ?? sleep)(120)
      const second = await cache.increment(key, 2, 1_000)
      assert.equal(second.value, 3)
      assert.ok(second.resetMs > 0 && second.resetMs <= 900, 'later increments do not extend the window')
      await (fixture.pass ?? sleep)(1_000)
      assert.equal((await cache.increment(key, 5, 1_000)).value, 5)
    })

    test('concurrent increments are all counted', async () => {
      await using fixture = await create()
      const key = fresh('race')
      const caches = [fixture.cache, fixture.replica ?? fixture.cache]
      const results = await Promise.all(
        Array.from({ length: 100 }, (_, n) => (caches[n % 2] ?? fixture.cache).increment(key, 1, 10_000))
      )
      assert.deepEqual(
        results.map(({ value }) => value).sort((a, b) => a - b),
        Array.from({ length: 100 }, (_, n) => n + 1)
      )
    })

    test('values and counters of the same key do not meet', async () => {
      await using fixture = await create()
      const key = fresh('both')
      await fixture.cache.set(key, 'value', 10_000)
      await fixture.cache.increment(key, 1, 10_000)
      assert.equal(await fixture.cache.get(key), 'value')
    })

    test('a message reaches every subscriber of its channel, in order, after publish was called', async () => {
      await using fixture = await create()
      const channel = fresh('channel')
      const here: string[] = []
      const there: string[] = []
      await fixture.cache.subscribe(channel, (message) => here.push(message))
      await (fixture.replica ?? fixture.cache).subscribe(channel, (message) => there.push(message))
      await fixture.cache.subscribe(fresh('other'), () => assert.fail('another channel'))
      const publishing = fixture.cache.publish(channel, 'one')
      assert.deepEqual(here, [], 'delivery is asynchronous')
      await publishing
      await fixture.cache.publish(channel, 'two')
      await waitFor(() => here.length === 2 && there.length === 2)
      assert.deepEqual(
        [here, there],
        [
          ['one', 'two'],
          ['one', 'two']
        ]
      )
    })

    test('an unsubscribed handler hears nothing more; the others do', async () => {
      await using fixture = await create()
      const channel = fresh('channel')
      const left: string[] = []
      const stayed: string[] = []
      const unsubscribe = await fixture.cache.subscribe(channel, (message) => left.push(message))
      await fixture.cache.subscribe(channel, (message) => stayed.push(message))
      await unsubscribe()
      await unsubscribe()
      await fixture.cache.publish(channel, 'late')
      await waitFor(() => stayed.length === 1)
      assert.deepEqual(left, [])
    })

    test('check resolves while the cache works and fails once it is closed', async () => {
      const fixture = await create()
      await fixture.cache.check(AbortSignal.timeout(5_000))
      await assert.rejects(fixture.cache.check(AbortSignal.abort(new Error('enough'))), /enough/)
      await fixture[Symbol.asyncDispose]()
      await assert.rejects(fixture.cache.check())
      await assert.rejects(fixture.cache.get('anything'))
    })
  })
}
