import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createManualClock } from './clock.ts'

test('sleepers wake in the order they are due, also those that sleep again', async () => {
  const clock = createManualClock(1000)
  const woken: string[] = []
  const late = clock.sleep(30).then(() => woken.push(`late ${clock.now()}`))
  const twice = (async () => {
    await clock.sleep(10)
    await clock.sleep(10)
    woken.push(`twice ${clock.now()}`)
  })()
  await clock.advance(50)
  await Promise.all([late, twice])
  assert.deepEqual(woken, ['twice 1020', 'late 1030'])
  assert.equal(clock.now(), 1050)
})

test('an aborted sleep rejects with the reason and is forgotten', async () => {
  const clock = createManualClock()
  const controller = new AbortController()
  const sleeping = clock.sleep(10, controller.signal)
  controller.abort(new Error('stop'))
  await assert.rejects(sleeping, /stop/)
  assert.equal(clock.sleeping, 0)
})
