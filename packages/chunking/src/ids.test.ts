import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createIdHasher } from './ids.ts'
import { createNativeIdHasher } from './native.ts'

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
/** Input of the published BLAKE3 vectors. */
const vectorInput = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i % 251)

const PUBLISHED = [
  { length: 0, id: 'af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262' },
  { length: 1, id: '2d3adedff11b61f14c886e35afa036736dcd87a74d27b5c1510225d0f592e213' },
  { length: 1025, id: 'd00278ae47eb27b34faecf67b4fe263f82d5412916c1ffd97c8cb7fb814b8444' }
]

for (const [name, create] of Object.entries({ createIdHasher, createNativeIdHasher })) {
  test(`${name} agrees with the published BLAKE3 vectors`, async () => {
    const { hash } = await create()
    for (const { length, id } of PUBLISHED) assert.equal(hex(hash(vectorInput(length))), id)
  })
}

test('both hashers agree, also on views of shared memory', async () => {
  const portable = await createIdHasher()
  const native = await createNativeIdHasher()
  for (const length of [31, 4096, 1_048_577]) {
    const plain = vectorInput(length)
    const shared = Buffer.from(new SharedArrayBuffer(length + 3), 3)
    shared.set(plain)
    const expected = hex(portable.hash(plain))
    assert.equal(hex(native.hash(plain)), expected)
    assert.equal(hex(native.hash(shared)), expected)
    assert.equal(hex(portable.hash(shared)), expected)
  }
})

test('a returned id stays what it was', async () => {
  for (const create of [createIdHasher, createNativeIdHasher]) {
    const { hash } = await create()
    const first = hash(vectorInput(1))
    hash(vectorInput(2))
    assert.equal(hex(first), PUBLISHED[1]?.id)
    assert.equal(first.buffer.byteLength, 32)
  }
})
