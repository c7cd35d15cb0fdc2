import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createKeyedMutex } from './keyed-mutex.ts'
import { mapConcurrent } from './map-concurrent.ts'

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('mapConcurrent', () => {
  test('keeps the order and never exceeds the limit', async () => {
    let running = 0
    let most = 0
    const results = await mapConcurrent([5, 4, 3, 2, 1], 2, async (value) => {
      running += 1
      most = Math.max(most, running)
      for (let count = 0; count < value; count += 1) await tick()
      running -= 1
      return value * 10
    })
    assert.deepEqual(results, [50, 40, 30, 20, 10])
    assert.equal(most, 2)
  })

  test('stops at the first failure and leaves nothing running', async () => {
    const started: number[] = []
    let running = 0
    const work = async (value: number): Promise<void> => {
      started.push(value)
      running += 1
      await tick()
      running -= 1
      if (value === 1) throw new Error('one')
    }
    await assert.rejects(mapConcurrent([0, 1, 2, 3, 4, 5], 2, work), /one/)
    assert.equal(running, 0)
    assert.ok(started.length <= 4)
  })
})

describe('keyed mutex', () => {
  test('work of one key runs one after the other, of different keys together', async () => {
    const mutex = createKeyedMutex()
    const events: string[] = []
    const work = (name: string) => async (): Promise<void> => {
      events.push(`${name}+`)
      await tick()
      events.push(`${name}-`)
    }
    await Promise.all([mutex.run('a', work('a1')), mutex.run('a', work('a2')), mutex.run('b', work('b1'))])
    assert.deepEqual(events.slice(0, 2), ['a1+', 'b1+'])
    assert.ok(events.indexOf('a2+') > events.indexOf('a1-'))
    assert.equal(mutex.size, 0)
  })

  test("a failure is its caller's alone", async () => {
    const mutex = createKeyedMutex()
    const failing = assert.rejects(mutex.run('a', () => Promise.reject(new Error('mine'))))
    assert.equal(await mutex.run('a', async () => 7), 7)
    await failing
    assert.equal(mutex.size, 0)
  })
})
