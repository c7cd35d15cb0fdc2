import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, describe, it } from 'node:test'
import { describeBlobStore } from '../src/contract-suite.ts'
import { createS3BlobStore, type S3BlobStoreOptions } from '../src/s3/index.ts'
import { assertRejectsWith, listKeys, putBlob } from './_blobs.ts'
import { openTestS3 } from './_s3-server.ts'
import { startSilencingProxy } from './_silencing-proxy.ts'

const MIN_PART_BYTES = 5 * 1024 * 1024

const { server, skip } = await openTestS3()
after(async () => {
  await server?.[Symbol.asyncDispose]()
})

const options = (): S3BlobStoreOptions => {
  assert.ok(server !== undefined)
  return { ...server.location, partBytes: MIN_PART_BYTES }
}

describeBlobStore({
  name: 'S3 blob store on a real server',
  open: () => createS3BlobStore({ ...options(), listPageSize: 3 }),
  skip
})

describe('S3 blob store on a real server, in trouble', { skip: skip ?? false }, () => {
  const prefix = `trouble-${randomBytes(4).toString('hex')}`
  const open = () => createS3BlobStore({ ...options(), prefix })

  it('lets one of two stores win where the server supports conditions', async (t) => {
    await using first = await open()
    await using second = await open()
    await putBlob(first, 'probe/object', Buffer.from('x'))
    const stores = Array.from({ length: 32 }, (_, index) => (index % 2 === 0 ? first : second))
    const results = await Promise.allSettled(stores.map((store, n) => putBlob(store, 'race/one', Buffer.from(`${n}`))))
    const winners = results.filter(({ status }) => status === 'fulfilled').length
    t.diagnostic(`${winners} winner(s)`)
    // A server without conditions may let one writer per process win.
    assert.ok(winners === 1 || (winners === 2 && process.env['CAIRN_TEST_S3_URL'] !== undefined), `${winners} winners`)
  })

  for (const [what, firstLine, size] of [
    ['PutObject', /^PUT .*acks\/PutObject/, 1000],
    ['UploadPart', /^PUT .*partNumber=/, MIN_PART_BYTES + 1000],
    ['CompleteMultipartUpload', /^POST .*uploadId=/, MIN_PART_BYTES + 1000]
  ] as const) {
    it(`FLT-034 a lost acknowledgement of ${what} becomes a success, one object`, async () => {
      const { endpoint = '' } = options()
      await using proxy = await startSilencingProxy(new URL(endpoint))
      await using store = await createS3BlobStore({ ...options(), prefix, endpoint: proxy.origin })
      await putBlob(store, `warm-up/${what.toLowerCase()}`, Buffer.from('x'))
      const key = `acks/${what.toLowerCase()}`
      const bytes = randomBytes(size)
      proxy.silence(new RegExp(firstLine.source, 'i'), 1)
      await putBlob(store, key, bytes)
      assert.equal(proxy.silenced(), 1)
      assert.ok(bytes.equals(await store.read(key, 0, size)))
      await assertRejectsWith(putBlob(store, key, Buffer.from('other')), 'exists')
      assert.deepEqual(await listKeys(store, key), [key])
    })
  }

  it('says unavailable for wrong credentials and for a missing bucket, never "not there"', async () => {
    const wrong = { accessKeyId: 'nobody', secretAccessKey: 'nothing' }
    for (const change of [{ credentials: wrong }, { bucket: 'no-such-bucket-anywhere' }]) {
      await using store = await createS3BlobStore({ ...options(), ...change })
      await assertRejectsWith(store.check(), 'unavailable')
      await assertRejectsWith(store.size('some/object'), 'unavailable')
      await assertRejectsWith(store.read('some/object', 0, 1), 'unavailable')
      await assertRejectsWith(store.delete('some/object'), 'unavailable')
      await assertRejectsWith(putBlob(store, 'some/object', Buffer.from('x')), 'unavailable')
      await assertRejectsWith(listKeys(store), 'unavailable')
    }
  })
})
