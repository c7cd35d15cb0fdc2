import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createManualClock, createSeededRandom } from '@cairn/testing'
import { backoffPause } from './backoff.ts'
import { createWakeup } from './wakeup.ts'

const never = new AbortController().signal

test('a wait ends by time, by notify, or by its signal', async () => {
  const clock = createManualClock()
  const wakeup = createWakeup(clock)
  const byTime = wakeup.wait(100, never)
  await clock.advance(100)
  await byTime

  const byNotify = wakeup.wait(100, never)
  wakeup.notify()
  await byNotify

  const controller = new AbortController()
  const bySignal = wakeup.wait(100, controller.signal)
  controller.abort()
  await bySignal
  assert.equal(clock.sleeping, 0)
})

test('a notify while nobody waits ends the next wait, and only that one', async () => {
  const clock = createManualClock()
  const wakeup = createWakeup(clock)
  wakeup.notify()
  wakeup.notify()
  await wakeup.wait(1_000_000, never)
  const next = wakeup.wait(10, never)
  assert.equal(clock.sleeping, 1)
  await clock.advance(10)
  await next
})

test('backoff grows to its longest, with jitter over its upper half', () => {
  const random = createSeededRandom(1)
  for (let attempt = 1; attempt < 60; attempt += 1) {
    const full = Math.min(1_000, 10 * 4 ** (attempt - 1))
    const pause = backoffPause(attempt, random, { first: 10, longest: 1_000, factor: 4 })
    assert.ok(pause >= full / 2 && pause <= full, `attempt ${attempt}: ${pause}`)
  }
})
