import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { pseudoRandomBytes, SMALL_PROFILE, testKey } from '../tests/_data.ts'
import { referenceCuts } from '../tests/_reference.ts'
import { createChunker } from './chunker.ts'

const options = { profile: SMALL_PROFILE, key: testKey(4) }

test('chunks are the stream, cut where the definition says, for any split into pushes', () => {
  const data = pseudoRandomBytes(500_000, 20)
  const expected = referenceCuts(data, SMALL_PROFILE, options.key)
  const chunker = createChunker(options)
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 90_000 }), { maxLength: 30 }), (sizes) => {
      const chunks: Uint8Array[] = []
      let at = 0
      for (const size of [...sizes, data.length]) {
        chunks.push(...chunker.push(data.subarray(at, at + size)))
        at += size
      }
      chunks.push(...chunker.end())
      assert.deepEqual(
        chunks.map((chunk) => chunk.length),
        expected
      )
      assert.ok(Buffer.concat(chunks).equals(data))
    }),
    { numRuns: 50 }
  )
})

test('an empty stream has no chunks', () => {
  const chunker = createChunker(options)
  assert.deepEqual(chunker.push(new Uint8Array()), [])
  assert.deepEqual(chunker.end(), [])
})

test('chunks do not alias what was pushed or each other', () => {
  const chunker = createChunker(options)
  const bytes = pseudoRandomBytes(3 * SMALL_PROFILE.maxSize, 21)
  const [first, second] = chunker.push(bytes)
  assert.ok(first && second)
  const before = second.slice()
  bytes.fill(0)
  first.fill(0)
  assert.deepEqual(second, before)
})
