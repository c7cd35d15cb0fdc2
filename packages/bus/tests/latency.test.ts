import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { waitFor } from '@cairn/testing'
import { createFixture } from './_fixture.ts'

const message = (n: number) => ({ id: randomUUID(), topic: 'tick', key: `k${n}`, payload: n })

test('publishing wakes consumers of the same process at once, not at the next poll', async () => {
  await using fixture = await createFixture({ pollInterval: 60_000 })
  const { bus } = await fixture.connect()
  let received = 0
  await bus.subscribe({
    name: 'latency',
    topics: ['tick'],
    handle: async () => {
      received += 1
    }
  })
  const latencies: number[] = []
  for (let n = 1; n <= 20; n += 1) {
    const started = performance.now()
    await bus.publish([message(n)])
    await waitFor(() => received === n, { interval: 1 })
    latencies.push(performance.now() - started)
  }
  // Generous, because the machine may be busy with other tests; an idle one needs 5 ms.
  assert.ok(Math.min(...latencies) < 20, `best latency ${Math.min(...latencies)} ms`)
})

test('consumers in other processes find new messages by polling; the backlog tells what waits', async () => {
  await using fixture = await createFixture({ pollInterval: 50 })
  const { bus } = await fixture.connect()
  const other = await fixture.connect()
  let received = 0
  const consumer = await other.bus.subscribe({
    name: 'far',
    topics: ['tick'],
    handle: async () => {
      received += 1
    }
  })
  await bus.publish([message(1)])
  await waitFor(() => received === 1)
  await consumer.stop()
  await bus.publish([message(2), message(3)])
  const [backlog] = await bus.backlog()
  assert.deepEqual({ ...backlog, oldestAge: 0 }, { subscription: 'far', pending: 2, oldestAge: 0, dead: 0 })
})
