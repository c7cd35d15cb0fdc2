import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fitting } from './send-small.ts'
import { createWindowSize } from './window-size.ts'

const MIB = 1024 * 1024

test('a batch keeps to the server’s limits and never stands still', () => {
  assert.equal(fitting([]), 0)
  assert.equal(fitting([64 * MIB]), 1)
  assert.equal(fitting(Array.from({ length: 900 }, () => 10)), 500)
  assert.equal(fitting(Array.from({ length: 900 }, () => 256 * 1024)), 60)
})

test('windows grow on fast lines and shrink on slow ones, within what the server takes', () => {
  const size = createWindowSize()
  for (let i = 0; i < 5; i++) size.took(16 * MIB, 50)
  assert.equal(size.limit, 15 * MIB)
  size.took(4 * MIB, 60_000)
  assert.equal(size.limit, 4 * MIB)
})
