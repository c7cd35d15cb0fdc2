import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSeededRandom } from './random.ts'

test('the same seed gives the same sequence, another seed another one', () => {
  const [a, b, c] = [createSeededRandom(7), createSeededRandom(7), createSeededRandom(8)]
  assert.deepEqual(a.bytes(32), b.bytes(32))
  assert.equal(a.uuid(), b.uuid())
  assert.notEqual(a.uuid(), c.uuid())
})

test('uuids are version 7 and grow', () => {
  const random = createSeededRandom('grow')
  const uuids = Array.from({ length: 100 }, () => random.uuid())
  assert.deepEqual([...uuids].sort(), uuids)
  for (const uuid of uuids) assert.match(uuid, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})

test('unit stays inside [0, 1) and spreads', () => {
  const random = createSeededRandom(1)
  const values = Array.from({ length: 1000 }, () => random.unit())
  assert.ok(values.every((value) => value >= 0 && value < 1))
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  assert.ok(Math.abs(mean - 0.5) < 0.05)
})
