import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { pseudoRandomBytes, textBytes, twoSymbolBytes } from '../tests/_data.ts'
import { looksIncompressible } from './sniff.ts'

const MIB = 2 ** 20

test('random bytes look incompressible, text, integers and zeros do not', () => {
  assert.equal(looksIncompressible(pseudoRandomBytes(MIB, 1)), true)
  assert.equal(looksIncompressible(pseudoRandomBytes(4096, 2)), true)
  assert.equal(looksIncompressible(textBytes(MIB, 3)), false)
  assert.equal(looksIncompressible(twoSymbolBytes(MIB, 4)), false)
  assert.equal(looksIncompressible(new Uint8Array(MIB)), false)
})

test('the middle of a compressed file looks incompressible without its magic bytes', () => {
  const compressed = gzipSync(textBytes(4 * MIB, 5))
  assert.equal(looksIncompressible(compressed.subarray(100_000)), true)
})

test('compressed formats are known by their first bytes, at any length', () => {
  const jpeg = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 0)
  const mp4 = Uint8Array.from([0, 0, 0, 24, ...Buffer.from('ftypisom')])
  for (const bytes of [gzipSync('x'), zstdCompressSync('x'), jpeg, mp4]) assert.equal(looksIncompressible(bytes), true)
})

test('short input is never judged by entropy', () => {
  assert.equal(looksIncompressible(new Uint8Array()), false)
  assert.equal(looksIncompressible(textBytes(4095, 6)), false)
})
