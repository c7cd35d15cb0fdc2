import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Delivery } from './delivery.ts'
import { createLanes, type Outcome } from './lanes.ts'

const delivery = (seq: number, key: string): Delivery => ({
  seq,
  attempts: 0,
  message: { id: `id-${seq}`, topic: 't', key, payload: null }
})

const createHarness = (concurrency: number) => {
  const running = new Map<number, (outcome: Outcome) => void>()
  const begun: number[] = []
  const givenBack: number[] = []
  const lanes = createLanes({
    concurrency,
    laneOf: ({ message }) => message.key,
    attempt: ({ seq }) => {
      begun.push(seq)
      return new Promise((resolve) => running.set(seq, resolve))
    },
    giveBack: (deliveries) => givenBack.push(...deliveries.map(({ seq }) => seq)),
    changed: () => {}
  })
  const end = async (seq: number, outcome: Outcome = 'settled') => {
    running.get(seq)?.(outcome)
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { lanes, begun, givenBack, end }
}

test('one delivery at a time per key, several keys at once', async () => {
  const { lanes, begun, end } = createHarness(2)
  lanes.add([delivery(1, 'a'), delivery(2, 'a'), delivery(3, 'b'), delivery(4, 'c')])
  assert.deepEqual(begun, [1, 3])
  await end(1)
  assert.deepEqual(begun, [1, 3, 4], 'keys take turns')
  await end(3)
  assert.deepEqual(begun, [1, 3, 4, 2])
  assert.equal(lanes.waiting, 0)
  assert.equal(lanes.inFlight, 2)
})

test('a key that blocks gives back what waits behind it, and what comes later until it is unblocked', async () => {
  const { lanes, begun, givenBack, end } = createHarness(2)
  lanes.add([delivery(1, 'a'), delivery(2, 'a')])
  await end(1, 'blocked')
  lanes.add([delivery(3, 'a'), delivery(4, 'b')])
  assert.deepEqual(givenBack, [2, 3])
  lanes.unblock([delivery(1, 'a')])
  lanes.add([delivery(5, 'a')])
  assert.deepEqual(begun, [1, 4, 5])
})

test('closed lanes begin nothing more', async () => {
  const { lanes, begun, givenBack, end } = createHarness(1)
  lanes.add([delivery(1, 'a'), delivery(2, 'a'), delivery(3, 'b')])
  lanes.close()
  await end(1)
  lanes.add([delivery(4, 'c')])
  assert.deepEqual(begun, [1])
  assert.deepEqual(givenBack, [2, 3, 4])
  assert.equal(lanes.inFlight, 0)
  assert.equal(lanes.waiting, 0)
})
