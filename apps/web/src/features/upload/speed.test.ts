import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSpeedMeter, secondsLeft } from './speed.ts'

test('a steady line is measured exactly, from the first second on', () => {
  const meter = createSpeedMeter()
  for (let second = 0; second <= 10; second++) {
    meter.update(second * 1000, second * 1000)
    if (second > 0) assert.ok(Math.abs(meter.perSecond - 1000) < 1e-6)
  }
  assert.equal(secondsLeft(5000, meter.perSecond)?.toFixed(3), '5.000')
})

test('a line that stops is noticed, and a new run starts anew', () => {
  const meter = createSpeedMeter()
  meter.update(0, 0)
  meter.update(1_000_000, 1000)
  for (let second = 2; second < 40; second++) meter.update(1_000_000, second * 1000)
  assert.ok(meter.perSecond < 500)
  meter.update(0, 41_000)
  assert.equal(meter.perSecond, 0)
  assert.equal(secondsLeft(100, meter.perSecond), undefined)
})
