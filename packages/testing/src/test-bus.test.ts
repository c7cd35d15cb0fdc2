import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestBus } from './test-bus.ts'

const message = (n: number) => ({ id: `id-${n}`, topic: 'tick', key: 'k', payload: { n } })

const sequence = Array.from({ length: 20 }, (_, n) => message(n))

test('every message arrives twice and in order unless told otherwise', async () => {
  await using bus = createTestBus()
  const seen: string[] = []
  await bus.subscribe({ name: 's', topics: ['tick'], handle: async ({ id }) => void seen.push(id) })
  await bus.publish(sequence)
  await bus.idle()
  assert.deepEqual(
    seen,
    sequence.flatMap(({ id }) => [id, id])
  )
  assert.deepEqual(bus.published, sequence)
})

test('FLT-026: copies and shuffling are as asked for, and repeatable', async () => {
  const run = async (seed: number) => {
    await using bus = createTestBus({ copies: 3, shuffleWithin: 100, seed })
    const seen: string[] = []
    await bus.subscribe({ name: 's', topics: ['tick'], handle: async ({ id }) => void seen.push(id) })
    await bus.publish(sequence)
    await bus.idle()
    return seen
  }
  const seen = await run(7)
  assert.equal(seen.length, 60)
  assert.equal(new Set(seen).size, 20)
  assert.notDeepEqual(
    seen,
    sequence.flatMap(({ id }) => [id, id, id])
  )
  assert.deepEqual(await run(7), seen)
})

test('FLT-028: what keeps failing is dead-lettered and can be replayed', async () => {
  await using bus = createTestBus({ copies: 1 })
  let healed = false
  const seen: string[] = []
  await bus.subscribe({
    name: 's',
    topics: ['tick'],
    maxAttempts: 3,
    handle: async ({ id }) => {
      if (id === 'id-1' && !healed) throw new Error('no')
      seen.push(id)
    }
  })
  await bus.publish(sequence.slice(0, 3))
  await bus.idle()
  assert.deepEqual(seen, ['id-0', 'id-2'])
  const [letter] = await bus.deadLetters.list({ limit: 10 })
  assert.equal(letter?.attempts, 3)
  healed = true
  assert.equal(await bus.deadLetters.replay(letter?.id ?? ''), true)
  await bus.idle()
  assert.deepEqual(seen, ['id-0', 'id-2', 'id-1'])
})
