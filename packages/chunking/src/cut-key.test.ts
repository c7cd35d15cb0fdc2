import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testKey } from '../tests/_data.ts'
import { deriveCutKey, foldWord, passesFilter } from './cut-key.ts'

const foldedRun = (byte: number): number =>
  Array.from({ length: 7 }, () => byte * 0x0101_0101).reduce((folded, word) => foldWord(folded, word), 0)

test('no key lets a run of one byte value through the filter', () => {
  for (let seed = 1; seed <= 100; seed++) {
    const { filter } = deriveCutKey(testKey(seed))
    for (let byte = 0; byte < 256; byte++) assert.equal(passesFilter(filter, foldedRun(byte)), false)
  }
})

test('the two halves of the key make two independent secrets', () => {
  const key = testKey(1)
  const otherPrf = Uint8Array.from(key, (byte, i) => (i < 16 ? byte ^ 1 : byte))
  const otherFilter = Uint8Array.from(key, (byte, i) => (i < 16 ? byte : byte ^ 1))
  assert.deepEqual(deriveCutKey(otherPrf).filter, deriveCutKey(key).filter)
  assert.deepEqual(deriveCutKey(otherFilter).prf, deriveCutKey(key).prf)
  assert.notDeepEqual(deriveCutKey(otherPrf).prf, deriveCutKey(key).prf)
  assert.notDeepEqual(deriveCutKey(otherFilter).filter, deriveCutKey(key).filter)
})

test('a key of another length is refused', () => {
  assert.throws(() => deriveCutKey(new Uint8Array(16)), RangeError)
})
