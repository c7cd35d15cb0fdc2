import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { createSystemRandom } from '@cairn/runtime'
import { createSeal } from './seal.ts'

const random = createSystemRandom()
const seal = createSeal(randomBytes(32), random)
const plain = Buffer.from('the private part')

test('what was sealed opens with the same key and label', () => {
  assert.deepEqual(seal.open(seal.seal(plain, 'a'), 'a'), plain)
  assert.notDeepEqual(seal.seal(plain, 'a'), seal.seal(plain, 'a'))
})

test('another key, another label, or a changed byte does not open', () => {
  const sealed = seal.seal(plain, 'a')
  assert.throws(() => seal.open(sealed, 'b'))
  assert.throws(() => createSeal(randomBytes(32), random).open(sealed, 'a'))
  for (let at = 0; at < sealed.length; at += 1) {
    const changed = Buffer.from(sealed)
    changed.writeUInt8(changed.readUInt8(at) ^ 1, at)
    assert.throws(() => seal.open(changed, 'a'))
  }
  assert.throws(() => seal.open(sealed.subarray(0, 10), 'a'))
})
