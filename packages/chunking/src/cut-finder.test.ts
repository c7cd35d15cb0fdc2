import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  periodicBytes,
  pseudoRandomBytes,
  SMALL_PROFILE,
  smallIntegerBytes,
  testKey,
  textBytes,
  twoSymbolBytes
} from '../tests/_data.ts'
import { referenceCuts } from '../tests/_reference.ts'
import { type CutFinder, createCutFinder } from './cut-finder.ts'
import { PROFILE_1 } from './profile.ts'
import { createMemory } from './wasm/webassembly.ts'

const profile = SMALL_PROFILE
const KIB = 1024

/** Lengths of all chunks of bytes [at, at + length) of the finder's memory, seen all at once. */
function cutAll(finder: CutFinder, at: number, length: number): number[] {
  const lengths: number[] = []
  let rest = length
  for (let start = at; rest > 0; ) {
    const cut = finder.find(start, rest) || rest
    lengths.push(cut)
    start += cut
    rest -= cut
  }
  finder.reset()
  return lengths
}

function endsOf(lengths: readonly number[]): Set<number> {
  const ends = new Set<number>()
  let end = 0
  for (const length of lengths) {
    end += length
    ends.add(end)
  }
  return ends
}

/** A finder whose memory ends with the data, so that reading past it would trap. */
function finderOver(data: Uint8Array, options: { seed: number; shared: boolean }): { finder: CutFinder; at: number } {
  const memory = createMemory({ bytes: data.length, shared: options.shared })
  const at = memory.buffer.byteLength - data.length
  new Uint8Array(memory.buffer).set(data, at)
  return { finder: createCutFinder({ profile, key: testKey(options.seed), memory }), at }
}

const inputs = {
  random: pseudoRandomBytes(600 * KIB, 5),
  zero: new Uint8Array(200 * KIB),
  text: textBytes(400 * KIB, 6),
  'two symbols': twoSymbolBytes(400 * KIB, 7),
  'small integers': smallIntegerBytes(400 * KIB, 8),
  'period 1000': periodicBytes(300 * KIB, 1000, 9),
  'period 3': periodicBytes(100 * KIB, 3, 10),
  'minimum size': pseudoRandomBytes(profile.minSize, 11),
  'below minimum': pseudoRandomBytes(profile.minSize - 1, 12),
  'maximum size': new Uint8Array(profile.maxSize),
  'one byte': Uint8Array.of(7)
}

for (const [name, data] of Object.entries(inputs)) {
  test(`the scanner cuts as the plain definition does: ${name}`, () => {
    for (const seed of [1, 2, 3]) {
      const expected = referenceCuts(data, profile, testKey(seed))
      for (const shared of [false, true]) {
        const { finder, at } = finderOver(data, { seed, shared })
        assert.deepEqual(cutAll(finder, at, data.length), expected)
      }
    }
  })
}

test('cuts do not depend on how the bytes arrive', () => {
  const expected = referenceCuts(inputs.text, profile, testKey(1))
  const { finder, at } = finderOver(inputs.text, { seed: 1, shared: false })
  const step = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 20_000 }))
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 50 }), (steps) => {
      finder.reset()
      const lengths: number[] = []
      let start = at
      let length = 0
      for (let i = 0; start + length < at + inputs.text.length; i++) {
        length = Math.min(length + (steps[i % steps.length] ?? 1), at + inputs.text.length - start)
        for (let cut = finder.find(start, length); cut !== 0; cut = finder.find(start, length)) {
          lengths.push(cut)
          start += cut
          length -= cut
        }
      }
      if (length > 0) lengths.push(length)
      assert.deepEqual(lengths, expected)
    }),
    { numRuns: 40 }
  )
})

test('different keys cut differently, equal keys alike', () => {
  const data = inputs.random
  const points = [1, 2, 3, 4].map((seed) => {
    const { finder, at } = finderOver(data, { seed, shared: false })
    return endsOf(cutAll(finder, at, data.length))
  })
  const [first, ...others] = points
  assert.ok(first)
  for (const other of others) {
    const common: number[] = [...other].filter((point) => first.has(point))
    assert.deepEqual(common, [data.length])
  }
})

test('finders with different keys share a memory without touching it', () => {
  const data = inputs.random
  const memory = createMemory({ bytes: data.length, shared: true })
  const view = new Uint8Array(memory.buffer)
  view.set(data)
  const untouched = view.slice()
  const finders = [1, 2, 3].map((seed) => createCutFinder({ profile, key: testKey(seed), memory }))
  const results = finders.map((): number[] => [])
  const starts = finders.map(() => 0)
  for (let turn = 0; turn < 200; turn++) {
    finders.forEach((finder, i) => {
      const start = starts[i] ?? 0
      const cut = finder.find(start, data.length - start)
      if (cut === 0) return
      results[i]?.push(cut)
      starts[i] = start + cut
    })
  }
  results.forEach((lengths, i) => {
    const expected = referenceCuts(data, profile, testKey(i + 1))
    assert.deepEqual(lengths, expected.slice(0, lengths.length))
    assert.ok(lengths.length >= expected.length - 1)
  })
  assert.deepEqual(view.slice(), untouched)
})

test('a chunk may lie anywhere in 4 GiB of memory', () => {
  const data = inputs.random.subarray(0, 60 * KIB)
  const memory = createMemory({ bytes: 2 ** 32, shared: true })
  const expected = referenceCuts(data, profile, testKey(1))
  const finder = createCutFinder({ profile, key: testKey(1), memory })
  for (const at of [0, 2 ** 31 - 10_000, 2 ** 32 - data.length]) {
    new Uint8Array(memory.buffer).set(data, at)
    assert.deepEqual(cutAll(finder, at, data.length), expected)
  }
})

test('profiles that cannot work are refused', () => {
  const key = testKey(1)
  const broken = [
    { ...PROFILE_1, normalSize: 1_000_000 },
    { ...PROFILE_1, minSize: 2 ** 20 },
    { ...PROFILE_1, maxSize: 2 ** 20 },
    { ...PROFILE_1, minSize: 64 },
    { ...PROFILE_1, minSize: 300.5 },
    { id: 0, minSize: 1024, normalSize: 4096, maxSize: 16384 }
  ]
  for (const profile of broken) assert.throws(() => createCutFinder({ profile, key }), RangeError)
})
