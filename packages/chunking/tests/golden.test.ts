import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { createFrameDecoder, createIdHasher } from '../src/index.ts'
import { testKey } from './_data.ts'
import { computeGoldenVectors, type GoldenVectors, goldenInput } from './_golden.ts'
import { referenceCuts } from './_reference.ts'

const file = new URL('../vectors/profile-1.json', import.meta.url)
const golden = JSON.parse(await readFile(file, 'utf8')) as GoldenVectors

test('profile 1 is what it was: cut points, ids and frames', async () => {
  assert.deepEqual(await computeGoldenVectors(), golden)
})

test('the plain definition gives the golden cut points', () => {
  for (const entry of golden.chunks) {
    assert.deepEqual(referenceCuts(goldenInput(entry), golden.profile, testKey(entry.keySeed)), entry.lengths)
  }
})

test('the golden frame stream is still readable', async () => {
  const { hash } = await createIdHasher()
  const decompress = (bytes: Uint8Array) => bytes
  const decoder = createFrameDecoder({ maxFrame: 1024, maxTotal: 4096, hash, decompress })
  const frames = decoder.push(Buffer.from(golden.frames.stream, 'hex'))
  assert.deepEqual(
    frames.map(({ bytes }) => Buffer.from(bytes).toString('hex')),
    golden.frames.chunks
  )
  assert.deepEqual(decoder.end().operations, golden.frames.operations)
})
