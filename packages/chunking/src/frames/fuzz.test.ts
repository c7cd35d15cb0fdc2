import assert from 'node:assert/strict'
import { test } from 'node:test'
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import fc from 'fast-check'
import { createIdHasher } from '../ids.ts'
import { createFrameDecoder } from './decode.ts'
import { encodeFrames, encodeStreamHeader } from './encode.ts'
import { FrameError } from './frame-error.ts'

const MAX_FRAME = 2000
const MAX_TOTAL = 5000
const { hash } = await createIdHasher()

/** Feeds hostile bytes; asserts that every allocation and output keeps within the bounds. */
function survive(stream: Uint8Array, step: number): void {
  let produced = 0
  let largestExpansion = 0
  let largestAllocation = 0
  const decoder = createFrameDecoder({
    maxFrame: MAX_FRAME,
    maxTotal: MAX_TOTAL,
    maxFrames: 20,
    hash,
    decompress: (bytes, plainLength) => {
      largestExpansion = Math.max(largestExpansion, bytes.length, plainLength)
      return zstdDecompressSync(bytes, { maxOutputLength: plainLength })
    },
    allocate: (length) => {
      largestAllocation = Math.max(largestAllocation, length)
      return new Uint8Array(length)
    }
  })
  try {
    for (let at = 0; at < stream.length; at += step) {
      for (const frame of decoder.push(stream.subarray(at, at + step))) {
        produced += frame.bytes.length
        assert.deepEqual(hash(frame.bytes), frame.wireId)
      }
    }
    decoder.end()
  } catch (error) {
    if (!(error instanceof FrameError) || error.code === 'internal') throw error
  }
  assert.ok(produced <= MAX_TOTAL)
  assert.ok(largestExpansion <= MAX_FRAME)
  assert.ok(largestAllocation <= MAX_FRAME)
}

const step = fc.integer({ min: 1, max: 3000 })

const validStream = fc
  .array(fc.oneof(fc.uint8Array({ minLength: 1, maxLength: 200 }), fc.constant(new Uint8Array(1500))), { maxLength: 5 })
  .map((chunks) => {
    const frames = chunks.map((bytes) => ({ wireId: hash(bytes), bytes }))
    return Buffer.concat(encodeFrames(frames, { compress: zstdCompressSync, operations: [{ op: 'mkdir', name: 'a' }] }))
  })

interface Edit {
  readonly at: number
  readonly remove: number
  readonly insert: Uint8Array
}

const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.nat(),
  remove: fc.nat(60),
  insert: fc.uint8Array({ maxLength: 60 })
})

function apply(stream: Uint8Array, { at, remove, insert }: Edit): Uint8Array {
  const start = stream.length === 0 ? 0 : at % stream.length
  return Buffer.concat([stream.subarray(0, start), insert, stream.subarray(start + remove)])
}

test('SEC-069 garbage is refused with a FrameError, within the bounds', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), step, survive), { numRuns: 2000 })
})

test('SEC-069 garbage behind a valid header is refused with a FrameError, within the bounds', () => {
  const sections = fc.tuple(fc.constantFrom(0, 1, 2, 3, 16, 255), fc.uint8Array({ maxLength: 400 }))
  fc.assert(
    fc.property(sections, step, ([section, rest], size) =>
      survive(Buffer.concat([encodeStreamHeader(), Uint8Array.of(section), rest]), size)
    ),
    { numRuns: 2000 }
  )
})

test('SEC-069 damaged streams are refused with a FrameError, within the bounds', () => {
  fc.assert(
    fc.property(validStream, fc.array(edit, { minLength: 1, maxLength: 4 }), step, (stream, edits, size) =>
      survive(edits.reduce<Uint8Array>(apply, stream), size)
    ),
    { numRuns: 2000 }
  )
})

test('SEC-069 lengths of any size are refused before anything is allocated for them', () => {
  const u32 = fc.integer({ min: 0, max: 0xffff_ffff })
  fc.assert(
    fc.property(fc.constantFrom(1, 2), u32, u32, (section, plainLength, storedLength) => {
      const head = new Uint8Array(41)
      head[0] = section
      new DataView(head.buffer).setUint32(33, plainLength, true)
      new DataView(head.buffer).setUint32(37, storedLength, true)
      survive(Buffer.concat([encodeStreamHeader(), head, new Uint8Array(100)]), 4096)
    }),
    { numRuns: 2000 }
  )
})
