import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import fc from 'fast-check'
import { pseudoRandomBytes } from '../../tests/_data.ts'
import { createIdHasher, type IdHasher } from '../ids.ts'
import { createFrameDecoder, type FrameDecoderOptions } from './decode.ts'
import { encodeFrame, encodeFrames, encodeOperations, encodeStreamEnd, encodeStreamHeader } from './encode.ts'
import type { PlainFrame } from './format.ts'
import { FrameError, type FrameErrorCode } from './frame-error.ts'

const MAX_FRAME = 4096
const MAX_TOTAL = 16_384
let hasher: IdHasher
before(async () => {
  hasher = await createIdHasher()
})

const decompress = (bytes: Uint8Array, plainLength: number): Uint8Array =>
  zstdDecompressSync(bytes, { maxOutputLength: plainLength })

const limits = (): FrameDecoderOptions => ({
  maxFrame: MAX_FRAME,
  maxTotal: MAX_TOTAL,
  maxFrames: 8,
  decompress,
  hash: hasher.hash
})

const frameOf = (bytes: Uint8Array): PlainFrame => ({ wireId: hasher.hash(bytes), bytes })
const join = (parts: readonly Uint8Array[]): Buffer => Buffer.concat(parts)

function decode(stream: Uint8Array, splits: readonly number[] = []) {
  const decoder = createFrameDecoder(limits())
  const frames: PlainFrame[] = []
  let at = 0
  for (const size of [...splits, stream.length]) {
    frames.push(...decoder.push(stream.subarray(at, at + size)))
    at += size
  }
  return { frames, ...decoder.end() }
}

const failsWith = (code: FrameErrorCode) => (error: unknown) => error instanceof FrameError && error.code === code
const refuses = (code: FrameErrorCode, ...parts: readonly Uint8Array[]): void =>
  assert.throws(() => decode(join(parts)), failsWith(code))

const smallFrames = fc.array(
  fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 300 }),
    fc.integer({ min: 1, max: 2000 }).map((length) => new Uint8Array(length).fill(65))
  ),
  { maxLength: 8 }
)

test('what was encoded is decoded, for any split of the bytes', () => {
  fc.assert(
    fc.property(smallFrames, fc.option(fc.jsonValue()), fc.array(fc.nat(500)), (chunks, operations, splits) => {
      const options = operations === null ? {} : { operations }
      const stream = join(encodeFrames(chunks.map(frameOf), { compress: zstdCompressSync, ...options }))
      const decoded = decode(stream, splits)
      assert.deepEqual(
        decoded.frames.map(({ bytes }) => Buffer.from(bytes)),
        chunks.map((bytes) => Buffer.from(bytes))
      )
      assert.equal(JSON.stringify(decoded.operations), operations === null ? undefined : JSON.stringify(operations))
    })
  )
})

test('compression is used only where it is shorter', () => {
  const random = pseudoRandomBytes(1000, 3)
  const stream = join(encodeFrames([frameOf(random), frameOf(new Uint8Array(1000))], { compress: zstdCompressSync }))
  assert.ok(stream.length > 1000 && stream.length < 1200)
})

test('every malformed stream has its code', () => {
  const header = encodeStreamHeader()
  const end = encodeStreamEnd()
  const [head, stored] = encodeFrame({
    wireId: hasher.hash(Buffer.from('hello')),
    plainLength: 5,
    encoding: 'raw',
    stored: Buffer.from('hello')
  })
  const withHead = (at: number, value: number): Uint8Array => head.with(at, value)

  refuses('bad_magic', Buffer.from('HTTP/'))
  refuses('bad_version', header.with(4, 2))
  refuses('bad_section', header, Uint8Array.of(3))
  refuses('bad_section', header, encodeOperations([]), head, stored, end)
  refuses('bad_section', header, encodeOperations([]), encodeOperations([]), end)
  refuses('bad_length', header, withHead(33, 6), stored, end)
  refuses('bad_length', header, withHead(0, 2), stored, end)
  refuses('bad_length', header, withHead(33, 0).with(37, 0), end)
  refuses('frame_too_large', header, withHead(35, 1).with(39, 1))
  refuses('bad_compression', header, withHead(0, 2).with(33, 6), stored, end)
  refuses('id_mismatch', header, head, Buffer.from('Hello'), end)
  refuses('id_mismatch', header, withHead(1, (head[1] ?? 0) ^ 1), stored, end)
  refuses('bad_operations', header, Uint8Array.of(0x10, 0, 0, 0, 0), end)
  refuses('bad_operations', header, Uint8Array.of(0x10, 1, 0, 0, 0, 0xff), end)
  refuses('bad_operations', header, Uint8Array.of(0x10, 1, 0, 0, 0, 0x7b), end)
  refuses('operations_too_large', header, Uint8Array.of(0x10, 1, 0, 16, 0))
  refuses('trailing_bytes', header, end, Uint8Array.of(0))
  refuses('truncated', header, head, stored)
  refuses('truncated', Uint8Array.of())
})

test('a stream is bounded in bytes and in frames', () => {
  const chunk = (i: number) => frameOf(new Uint8Array(MAX_FRAME).fill(i))
  const fits = [1, 2, 3, 4].map(chunk)
  assert.equal(decode(join(encodeFrames(fits))).frames.length, 4)
  refuses('total_too_large', ...encodeFrames([...fits, frameOf(Uint8Array.of(1))]))
  refuses('too_many_frames', ...encodeFrames(Array.from({ length: 9 }, (_, i) => frameOf(Uint8Array.of(i)))))
})

test('SEC-069 a compressed frame that expands beyond its declared length is refused', () => {
  const bomb = zstdCompressSync(Buffer.alloc(50_000_000))
  const [head] = encodeFrame({
    wireId: new Uint8Array(32),
    plainLength: MAX_FRAME,
    encoding: 'zstd',
    stored: bomb.subarray(0, 100)
  })
  new DataView(head.buffer).setUint32(37, Math.min(bomb.length, MAX_FRAME - 1), true)
  refuses('bad_compression', encodeStreamHeader(), head, bomb.subarray(0, MAX_FRAME - 1))
})

test('a failed decoder keeps failing with the same error', () => {
  const decoder = createFrameDecoder(limits())
  let first: unknown
  try {
    decoder.push(Buffer.from('not frames'))
  } catch (error) {
    first = error
  }
  assert.ok(failsWith('bad_magic')(first))
  assert.throws(
    () => decoder.push(encodeStreamHeader()),
    (error) => error === first
  )
  assert.throws(
    () => decoder.end(),
    (error) => error === first
  )
})

test('a failing injected function is not blamed on the sender', () => {
  const hash = () => {
    throw new TypeError('no hasher')
  }
  const decoder = createFrameDecoder({ ...limits(), hash })
  assert.throws(() => decoder.push(join(encodeFrames([frameOf(Uint8Array.of(1))]))), failsWith('internal'))
})

test('the encoder refuses what no decoder would accept', () => {
  const wireId = new Uint8Array(32)
  const stored = new Uint8Array(5)
  assert.throws(() => encodeFrame({ wireId: new Uint8Array(31), plainLength: 5, encoding: 'raw', stored }), RangeError)
  assert.throws(() => encodeFrame({ wireId, plainLength: 6, encoding: 'raw', stored }), RangeError)
  assert.throws(() => encodeFrame({ wireId, plainLength: 5, encoding: 'zstd', stored }), RangeError)
  assert.throws(() => encodeFrames([{ wireId, bytes: new Uint8Array() }]), RangeError)
  assert.throws(() => encodeOperations('x'.repeat(2 ** 20)), RangeError)
})
