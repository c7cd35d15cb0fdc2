import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createSeededRandom, createTemporaryFolder } from '@cairn/testing'
import { BlobError, type BlobStore } from './blob-store.ts'
import { type BlobFault, withFaults } from './faults.ts'
import { createFilesystemBlobStore } from './filesystem/index.ts'

const openFaulty = async (faults: readonly BlobFault[], seed = 1) => {
  const folder = await createTemporaryFolder('blob-with-faults')
  const real = await createFilesystemBlobStore({ root: folder.path })
  const hits: string[] = []
  const random = createSeededRandom(seed)
  const store = withFaults(real, { faults, random, onFault: (point, key) => hits.push(`${point} ${key}`) })
  return { real, store, hits, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() }
}

const put = async (store: BlobStore, key: string): Promise<void> => {
  const writer = await store.create(key)
  await writer.write([Buffer.from(key)])
  await writer.commit()
}

const codeOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'ok',
    (error: unknown) => (error instanceof BlobError ? error.code : 'other')
  )

describe('withFaults', () => {
  it('fails at each named point with the code asked for', async () => {
    for (const point of ['create', 'write', 'commit'] as const) {
      await using blobs = await openFaulty([{ point, code: 'no_space', times: 1 }])
      assert.equal(await codeOf(put(blobs.store, 'v1/a')), 'no_space')
      assert.equal(await blobs.real.size('v1/a'), undefined)
      assert.equal(await codeOf(put(blobs.store, 'v1/a')), 'ok')
      assert.deepEqual(blobs.hits, [`${point} v1/a`])
    }
  })

  it('loses acknowledgements: done, but the caller does not know', async () => {
    await using blobs = await openFaulty([{ point: 'commit.acknowledged' }, { point: 'delete.acknowledged' }])
    assert.equal(await codeOf(put(blobs.store, 'v1/a')), 'unavailable')
    assert.equal(await blobs.real.size('v1/a'), 4)
    assert.equal(await codeOf(blobs.store.delete('v1/a')), 'unavailable')
    assert.equal(await blobs.real.size('v1/a'), undefined)
  })

  it('lets passes through first and stops after so many', async () => {
    await using blobs = await openFaulty([{ point: 'size', after: 2, times: 1 }])
    const codes: string[] = []
    for (let n = 0; n < 5; n += 1) codes.push(await codeOf(blobs.store.size('v1/a')))
    assert.deepEqual(codes, ['ok', 'ok', 'unavailable', 'ok', 'ok'])
  })

  it('repeats itself with the same seed', async () => {
    const runs = await Promise.all(
      [7, 7, 8].map(async (seed) => {
        await using blobs = await openFaulty([{ point: 'size', chance: 0.5 }], seed)
        const codes: string[] = []
        for (let n = 0; n < 40; n += 1) codes.push(await codeOf(blobs.store.size('v1/a')))
        return codes.join()
      })
    )
    assert.equal(runs[0], runs[1])
    assert.notEqual(runs[0], runs[2])
    assert.match(runs[0] ?? '', /ok.*unavailable|unavailable.*ok/)
  })

  it('holds at a point while the test acts', async () => {
    const faults: BlobFault[] = []
    await using blobs = await openFaulty(faults)
    faults.push({
      point: 'commit.acknowledged',
      fails: false,
      times: 1,
      hold: async (key) => {
        assert.equal(await blobs.real.size(key), 4)
        await blobs.real.delete(key)
      }
    })
    assert.equal(await codeOf(put(blobs.store, 'v1/a')), 'ok')
    assert.equal(await blobs.real.size('v1/a'), undefined)
  })

  it('breaks a listing midway', async () => {
    await using blobs = await openFaulty([{ point: 'list', after: 1 }])
    await put(blobs.store, 'v1/a')
    await put(blobs.store, 'v1/b')
    const seen: string[] = []
    const walk = async () => {
      for await (const { key } of blobs.store.list('')) seen.push(key)
    }
    assert.equal(await codeOf(walk()), 'unavailable')
    assert.equal(seen.length, 1)
  })
})
