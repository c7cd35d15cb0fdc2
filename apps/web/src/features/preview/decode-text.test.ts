import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeText } from './decode-text.ts'

test('text is read in the encoding it is in', () => {
  const utf8 = new TextEncoder().encode('Größe ✓')
  assert.equal(decodeText([utf8.subarray(0, 3), utf8.subarray(3)]), 'Größe ✓')
  assert.equal(decodeText([utf8.subarray(0, utf8.length - 1)]), 'Größe ')
  assert.equal(decodeText([Uint8Array.of(0xff, 0xfe, 0x41, 0)]), 'A')
  assert.equal(decodeText([Uint8Array.of(0x47, 0x72, 0xf6, 0xdf, 0x65)]), 'Größe')
  assert.equal(decodeText([]), '')
})
