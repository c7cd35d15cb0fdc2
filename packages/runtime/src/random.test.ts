import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createSystemRandom } from './random.ts'

const VERSION_7 = /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/

describe('random', () => {
  test('uuids are version 7, unique and strictly increasing', () => {
    const random = createSystemRandom()
    let previous = ''
    for (let count = 0; count < 50_000; count += 1) {
      const uuid = random.uuid()
      assert.match(uuid, VERSION_7)
      assert.ok(uuid > previous, `${uuid} after ${previous}`)
      previous = uuid
    }
  })

  test('FLT-044 uuids increase when the clock steps back', () => {
    const time = { now: 1_800_000_000_000 }
    const random = createSystemRandom({ now: () => time.now, sleep: () => Promise.resolve() })
    const before = random.uuid()
    time.now -= 3_600_000
    assert.ok(random.uuid() > before)
  })

  test('the leading bits are the time', () => {
    const now = Date.UTC(2026, 10, 23)
    const random = createSystemRandom({ now: () => now, sleep: () => Promise.resolve() })
    assert.equal(Number.parseInt(random.uuid().replace('-', '').slice(0, 12), 16), now)
  })

  test('SEC-090 no value repeats among 100 000', () => {
    const random = createSystemRandom()
    const tails = new Set(Array.from({ length: 100_000 }, () => random.uuid().slice(19)))
    assert.equal(tails.size, 100_000)
  })

  test('unit is in [0, 1)', () => {
    const random = createSystemRandom()
    for (let count = 0; count < 1000; count += 1) {
      const value = random.unit()
      assert.ok(value >= 0 && value < 1)
    }
  })
})
