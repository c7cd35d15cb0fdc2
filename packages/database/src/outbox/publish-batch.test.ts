import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OutboxRow } from './outbox-store.ts'
import { publishBatch } from './publish-batch.ts'

const row = (seq: number, key: string): OutboxRow => ({ seq, id: `id-${seq}`, topic: 't', key, payload: null })

test('a healthy bus gets the whole batch in one publication', async () => {
  const calls: number[][] = []
  const rows = [row(1, 'a'), row(2, 'b')]
  const result = await publishBatch(rows, async (group) => {
    calls.push(group.map(({ seq }) => seq))
  })
  assert.deepEqual(calls, [[1, 2]])
  assert.deepEqual(result, { published: rows, refusedKeys: [] })
})

test('keys the bus refuses are told apart from those it takes', async () => {
  const rows = [row(1, 'bad'), row(2, 'good'), row(3, 'bad'), row(4, 'fine')]
  const result = await publishBatch(rows, async (group) => {
    if (group.some(({ key }) => key === 'bad')) throw new Error('refused')
  })
  assert.deepEqual(result.refusedKeys, ['bad'])
  assert.deepEqual(
    result.published.map(({ seq }) => seq),
    [2, 4]
  )
})

test('a bus that is down is asked a few times, not once per key', async () => {
  let calls = 0
  const rows = Array.from({ length: 50 }, (_, n) => row(n, `key-${n}`))
  await assert.rejects(
    publishBatch(rows, async () => {
      calls += 1
      throw new Error('down')
    }),
    /down/
  )
  assert.ok(calls <= 4)
})
