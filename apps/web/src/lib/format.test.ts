import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatBytes, formatDuration, formatWhen } from './format.ts'

test('sizes are short and never show four digits before the unit', () => {
  assert.equal(formatBytes(0, 'en'), '0 bytes')
  assert.equal(formatBytes(1, 'en'), '1 byte')
  assert.equal(formatBytes(999, 'en'), '999 bytes')
  assert.equal(formatBytes(1000, 'en'), '1 kB')
  assert.equal(formatBytes(1_234_567, 'en'), '1.2 MB')
  assert.equal(formatBytes(999_960, 'en'), '1 MB')
  assert.equal(formatBytes(5 * 2 ** 30, 'en'), '5.4 GB')
  assert.match(formatBytes(1_234_567, 'de'), /^1,2.MB$/)
})

test('durations round up and change unit', () => {
  assert.equal(formatDuration(0.2, 'en'), '1 sec')
  assert.equal(formatDuration(59.4, 'en'), '1 min')
  assert.equal(formatDuration(3700, 'en'), '1 hr 2 min')
  assert.equal(formatDuration(3 * 86400, 'en'), '3 days')
})

test('a time is as short as is unambiguous, in the chosen zone', () => {
  const now = Date.parse('2026-11-25T23:30:00Z')
  const style = { locale: 'en-GB', timeZone: 'UTC' }
  assert.equal(formatWhen('2026-11-25T06:05:00Z', now, style), '06:05')
  assert.equal(formatWhen('2026-03-02T06:05:00Z', now, style), '2 Mar')
  assert.equal(formatWhen('2025-03-02T06:05:00Z', now, style), '2 Mar 2025')
  // In Tokyo it is the 26th already.
  assert.equal(formatWhen('2026-11-25T06:05:00Z', now, { locale: 'en-GB', timeZone: 'Asia/Tokyo' }), '25 Nov')
  assert.equal(formatWhen('never', now, style), '')
})
