import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { HandleCache } from './handle-cache.ts'

const createCache = (capacity: number) => {
  const closed: number[] = []
  const problems: string[] = []
  const time = { now: 0 }
  let opens = 0
  const cache = new HandleCache({
    open: async (key) => {
      if (key === 'bad') throw new Error('no such file')
      opens += 1
      return opens
    },
    close: async (descriptor) => {
      if (descriptor === 99) throw new Error('EIO')
      closed.push(descriptor)
    },
    clock: { now: () => time.now, sleep: async () => undefined },
    capacity,
    maxAgeMs: 1000,
    onProblem: (message) => problems.push(message)
  })
  return { cache, closed, problems, time, opens: () => opens }
}

const descriptorOf = (cache: HandleCache, key: string): Promise<number> => cache.use(key, async (n) => n)

describe('HandleCache', () => {
  it('opens a file once for users at the same time and later', async () => {
    const { cache, opens } = createCache(2)
    assert.deepEqual(await Promise.all([descriptorOf(cache, 'a'), descriptorOf(cache, 'a')]), [1, 1])
    assert.equal(await descriptorOf(cache, 'a'), 1)
    assert.equal(opens(), 1)
  })

  it('closes the least recently used one beyond its capacity', async () => {
    const { cache, closed } = createCache(2)
    await descriptorOf(cache, 'a')
    await descriptorOf(cache, 'b')
    await descriptorOf(cache, 'a')
    await descriptorOf(cache, 'c')
    await cache.close()
    assert.equal(closed[0], 2)
    assert.deepEqual(closed.toSorted(), [1, 2, 3])
  })

  it('never closes a descriptor in use, whatever retires it', async () => {
    const { cache, closed, time } = createCache(1)
    const gate = Promise.withResolvers<void>()
    const using = cache.use('a', async (descriptor) => {
      await gate.promise
      assert.ok(!closed.includes(descriptor))
    })
    await descriptorOf(cache, 'b')
    cache.retire('a')
    time.now = 5000
    assert.equal(await descriptorOf(cache, 'a'), 3)
    await cache.close()
    assert.deepEqual(closed, [2, 3])
    gate.resolve()
    await using
    await cache.close()
    assert.deepEqual(closed, [2, 3, 1])
  })

  it('opens again after the handle was retired or grew old', async () => {
    const { cache, time } = createCache(2)
    assert.equal(await descriptorOf(cache, 'a'), 1)
    cache.retire('a')
    assert.equal(await descriptorOf(cache, 'a'), 2)
    time.now = 999
    assert.equal(await descriptorOf(cache, 'a'), 2)
    time.now = 1000
    assert.equal(await descriptorOf(cache, 'a'), 3)
    await cache.close()
  })

  it('tells every waiting user about a failed open and does not remember it', async () => {
    const { cache } = createCache(2)
    const uses = await Promise.allSettled([descriptorOf(cache, 'bad'), descriptorOf(cache, 'bad')])
    assert.deepEqual(
      uses.map(({ status }) => status),
      ['rejected', 'rejected']
    )
    assert.equal(cache.size, 0)
    await cache.close()
  })
})
