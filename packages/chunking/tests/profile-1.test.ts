import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createCutFinder, createMemory, PROFILE_1 } from '../src/index.ts'
import { periodicBytes, pseudoRandomBytes, smallIntegerBytes, testKey, textBytes, twoSymbolBytes } from './_data.ts'

const MIB = 2 ** 20

/** End offsets of all chunks. */
function cutPoints(data: Uint8Array, keySeed: number): number[] {
  const memory = createMemory({ bytes: data.length, shared: false })
  new Uint8Array(memory.buffer).set(data)
  const finder = createCutFinder({ profile: PROFILE_1, key: testKey(keySeed), memory })
  const points: number[] = []
  for (let start = 0; start < data.length; ) {
    start += finder.find(start, data.length - start) || data.length - start
    points.push(start)
  }
  return points
}

const sizesOf = (points: readonly number[]): number[] => points.map((end, i) => end - (points[i - 1] ?? 0))
const mean = (sizes: readonly number[]): number => sizes.reduce((sum, size) => sum + size, 0) / sizes.length

function assertSane(sizes: readonly number[]): void {
  for (const size of sizes.slice(0, -1)) assert.ok(size >= PROFILE_1.minSize && size <= PROFILE_1.maxSize)
}

test('random data: mean 0.9 to 1.3 MiB, hardly any forced cut', () => {
  const data = pseudoRandomBytes(128 * MIB, 42)
  const sizes = [1, 2, 3].flatMap((seed) => sizesOf(cutPoints(data, seed)))
  assertSane(sizes)
  assert.ok(mean(sizes) > 0.9 * MIB && mean(sizes) < 1.3 * MIB)
  const forced = sizes.filter((size) => size === PROFILE_1.maxSize).length
  assert.ok(forced / sizes.length < 0.01)
  const below = sizes.filter((size) => size < PROFILE_1.normalSize).length
  assert.ok(below / sizes.length > 0.08 && below / sizes.length < 0.35)
})

const structured = {
  text: textBytes(64 * MIB, 1),
  'two symbols': twoSymbolBytes(64 * MIB, 2),
  'small integers': smallIntegerBytes(64 * MIB, 3)
}

for (const [name, data] of Object.entries(structured)) {
  test(`low entropy (${name}) is still cut by content`, () => {
    const sizes = sizesOf(cutPoints(data, 1))
    assertSane(sizes)
    assert.ok(mean(sizes) > 0.7 * MIB && mean(sizes) < 2 * MIB)
    assert.ok(sizes.filter((size) => size === PROFILE_1.maxSize).length <= sizes.length / 10)
  })
}

test('runs of one byte are cut at the maximum size, whatever byte and key', () => {
  for (const byte of [0, 0x20, 0x80, 0xff]) {
    for (const seed of [1, 2]) {
      assert.deepEqual(sizesOf(cutPoints(new Uint8Array(9 * MIB).fill(byte), seed)), [4 * MIB, 4 * MIB, MIB])
    }
  }
})

test('periodic data keeps to the limits and repeats its chunks', () => {
  for (const period of [2, 16, 100, 4096, 70_001]) {
    const sizes = sizesOf(cutPoints(periodicBytes(32 * MIB, period, period), 1))
    assertSane(sizes)
    assert.ok(new Set(sizes.slice(0, -1)).size <= 3)
  }
})

const edits = {
  inserted: (data: Uint8Array, at: number) =>
    Buffer.concat([data.subarray(0, at), Uint8Array.of(1), data.subarray(at)]),
  removed: (data: Uint8Array, at: number) => Buffer.concat([data.subarray(0, at), data.subarray(at + 1)]),
  changed: (data: Uint8Array, at: number) => data.with(at, (data[at] ?? 0) ^ 0xff)
}

for (const [name, edit] of Object.entries(edits)) {
  test(`one byte ${name} in 64 MiB changes at most 3 chunks`, () => {
    const data = pseudoRandomBytes(64 * MIB, 9)
    const before = cutPoints(data, 1)
    for (const at of [0, 100, 20 * MIB, 33_333_333, 64 * MIB - 10]) {
      const edited = edit(data, at)
      const shift = edited.length - data.length
      const kept = new Set(before.map((point) => (point > at ? point + shift : point)))
      const after = cutPoints(edited, 1)
      const moved = after.filter((end, i) => {
        const start = after[i - 1] ?? 0
        const sameStart = start === 0 || kept.has(start)
        const untouched = end <= at || start > at
        return !(untouched && sameStart && kept.has(end))
      })
      assert.ok(moved.length <= 3, `${moved.length} chunks changed by an edit at ${at}`)
    }
  })
}
