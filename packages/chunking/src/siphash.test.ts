import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sipHash24 } from './siphash.ts'

const ascending = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i)
const key = { k0: 0x0706050403020100n, k1: 0x0f0e0d0c0b0a0908n }

test('SipHash-2-4 agrees with the published vectors', () => {
  assert.equal(sipHash24(key, ascending(0)), 0x726fdb47dd0e0e31n)
  assert.equal(sipHash24(key, ascending(15)), 0xa129ca6149be45e5n)
  assert.equal(sipHash24(key, ascending(63)), 0x958a324ceb064572n)
})
