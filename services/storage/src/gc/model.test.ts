import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CORRECT, explore, type Variant } from './model.ts'

test('FLT-005 the collection protocol loses no content in any interleaving', (t) => {
  const { states, loss } = explore(CORRECT)
  t.diagnostic(`${states} states`)
  assert.equal(loss, undefined, JSON.stringify(loss))
  assert.ok(states > 100_000, 'a small space would prove little')
})

const broken: [string, Partial<Variant>][] = [
  ['register does not touch the chunk', { touches: false }],
  ['the epoch is read before the lock', { epochUnderLock: false }],
  ['the object is written before its intent row', { intentFirst: false }],
  ['seal ignores the end of the lease', { sealChecksLease: false }],
  ['orphans are released without a fence', { fences: false }],
  ['the mark is taken before the bump', { bumpBeforeMark: false }]
]

for (const [name, fault] of broken) {
  test(`FLT-005 the model finds the loss when ${name}`, () => {
    assert.notEqual(explore({ ...CORRECT, ...fault }).loss, undefined)
  })
}
