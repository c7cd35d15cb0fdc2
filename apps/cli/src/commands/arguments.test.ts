import assert from 'node:assert/strict'
import { test } from 'node:test'
import { byteCount, positiveInteger } from './arguments.ts'

test('byte counts', () => {
  const cases = {
    none: 0,
    '0': 0,
    '1048576': 1048576,
    '500M': 524288000,
    '2g': 2147483648,
    '1.5KiB': 1536,
    '1TB': 1099511627776
  }
  for (const [text, bytes] of Object.entries(cases)) assert.equal(byteCount(text), bytes)
  for (const text of ['', 'x', '-1', '1.5.5', '1 Q', '9999999999T']) assert.throws(() => byteCount(text))
})

test('whole numbers above 0', () => {
  assert.equal(positiveInteger('8'), 8)
  for (const text of ['0', '-1', '1.5', '', 'x']) assert.throws(() => positiveInteger(text))
})
