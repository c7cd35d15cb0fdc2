import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { describe, it } from 'node:test'
import { createSeededRandom, waitFor } from '@cairn/testing'
import { createS3BlobStore, type S3BlobStoreOptions } from '../src/s3/index.ts'
import { assertRejectsWith, listKeys, putBlob, readAll } from './_blobs.ts'
import { BUCKET, type Conditional, type FakeS3, startFakeS3, type Trouble } from './_fake-s3.ts'

const PART_BYTES = 5 * 1024 * 1024
const KEY = 'v1/vault/aa/object'

/** A store whose pauses take no time but are remembered. */
const openStore = async (fake: FakeS3, extra: Partial<S3BlobStoreOptions> = {}) => {
  const pauses: number[] = []
  const problems: string[] = []
  const store = await createS3BlobStore({
    endpoint: fake.endpoint,
    region: 'us-east-1',
    bucket: BUCKET,
    credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
    partBytes: PART_BYTES,
    clock: { now: () => Date.now(), sleep: async (ms) => void pauses.push(ms) },
    random: createSeededRandom('s3-faults'),
    onProblem: (message) => problems.push(message),
    ...extra
  })
  return { store, pauses, problems, [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() }
}

/** Fails the first `times` requests of an operation. */
const failFirst = (fake: FakeS3, operation: string, times: number, trouble: Trouble): void => {
  const start = fake.counts.get(operation) ?? 0
  fake.trouble = (request) => (request.operation === operation && request.nth < start + times ? trouble : undefined)
}

const SLOW_DOWN: Trouble = { kind: 'error', status: 503, code: 'SlowDown' }

describe('S3 driver: transient failures', () => {
  for (const trouble of [
    SLOW_DOWN,
    { kind: 'error', status: 500, code: 'InternalError' },
    { kind: 'error', status: 429, code: 'TooManyRequests' },
    { kind: 'error', status: 400, code: 'RequestTimeout' },
    { kind: 'error', status: 403, code: 'RequestTimeTooSkewed' },
    { kind: 'reset' }
  ] as const satisfies readonly Trouble[]) {
    const name = 'code' in trouble ? `${trouble.status} ${trouble.code}` : trouble.kind
    it(`FLT-033 ${name} is tried again with growing, jittered pauses, then unavailable`, async () => {
      await using fake = await startFakeS3()
      await using s3 = await openStore(fake)
      await putBlob(s3.store, KEY, Buffer.from('bytes'))
      s3.pauses.length = 0
      failFirst(fake, 'GetObject', 3, trouble)
      assert.equal(await readAll(s3.store, KEY), 'bytes')
      assert.equal(s3.pauses.length, 3)
      for (const [index, pause] of s3.pauses.entries()) assert.ok(pause >= 0 && pause < 100 * 2 ** index, `${pause}`)
      assert.equal(new Set(s3.pauses).size, 3)

      failFirst(fake, 'GetObject', 100, trouble)
      const before = fake.counts.get('GetObject') ?? 0
      await assertRejectsWith(s3.store.read(KEY, 0, 5), 'unavailable')
      assert.equal((fake.counts.get('GetObject') ?? 0) - before, 5)
      failFirst(fake, 'PutObject', 100, trouble)
      await assertRejectsWith(putBlob(s3.store, 'v1/other', Buffer.from('x')), 'unavailable')
      failFirst(fake, 'DeleteObject', 100, trouble)
      await assertRejectsWith(s3.store.delete(KEY), 'unavailable')
      failFirst(fake, 'HeadObject', 100, trouble)
      await assertRejectsWith(s3.store.size(KEY), 'unavailable')
      failFirst(fake, 'ListObjectsV2', 100, trouble)
      await assertRejectsWith(listKeys(s3.store), 'unavailable')
      fake.trouble = () => undefined
      assert.deepEqual(await listKeys(s3.store), [KEY])
    })
  }

  for (const conditional of ['obeyed', 'rejected', 'ignored'] as const satisfies readonly Conditional[]) {
    it(`FLT-033 30 % of everything fails, If-None-Match ${conditional}: every acknowledged object is whole, none twice`, async () => {
      await using fake = await startFakeS3(conditional)
      await using s3 = await openStore(fake, { attempts: 60 })
      await putBlob(s3.store, 'v1/warm-up', Buffer.from('x'))
      const random = createSeededRandom(`chaos ${conditional}`)
      const troubles: readonly Trouble[] = [
        SLOW_DOWN,
        { kind: 'reset' },
        { kind: 'lost-ack' },
        { kind: 'error', status: 502, code: 'BadGateway' },
        { kind: 'cut-body', after: 3 }
      ]
      fake.trouble = () => (random.unit() < 0.3 ? troubles[Math.floor(random.unit() * troubles.length)] : undefined)
      const objects = Array.from({ length: 40 }, (_, index) => ({
        key: `v1/vault/${index}`,
        bytes: randomBytes(index % 10 === 0 ? PART_BYTES + 100_000 : 1000 + index)
      }))
      await Promise.all(objects.map(({ key, bytes }) => putBlob(s3.store, key, bytes)))
      for (const { key, bytes } of objects) {
        assert.ok(bytes.equals(await s3.store.read(key, 0, bytes.length)), key)
        await assertRejectsWith(putBlob(s3.store, key, Buffer.from('again')), 'exists')
      }
      fake.trouble = () => undefined
      assert.equal((await listKeys(s3.store, 'v1/vault/')).length, objects.length)
      // An upload whose very creation was not acknowledged is unknown to us; it holds no bytes.
      assert.deepEqual(
        [...fake.uploads.values()].filter((parts) => parts.size > 0),
        []
      )
    })
  }

  it('FLT-038 a server that is down: unavailable within the tries, works again afterwards', async () => {
    const closed = createServer()
    closed.listen(0, '127.0.0.1')
    await once(closed, 'listening')
    const address = closed.address()
    assert.ok(address !== null && typeof address === 'object')
    closed.close()
    await once(closed, 'close')
    await using fake = await startFakeS3()
    await using s3 = await openStore(fake, { endpoint: `http://127.0.0.1:${address.port}` })
    await assertRejectsWith(s3.store.check(), 'unavailable')
    await assertRejectsWith(putBlob(s3.store, KEY, Buffer.from('x')), 'unavailable')
    await assertRejectsWith(s3.store.read(KEY, 0, 1), 'unavailable')
    await assertRejectsWith(s3.store.size(KEY), 'unavailable')
  })

  it('FLT-033 an answer that never comes is given up after the limit of a try', async () => {
    await using fake = await startFakeS3()
    await using s3 = await openStore(fake, { requestTimeoutMs: 50, attempts: 2 })
    await putBlob(s3.store, KEY, Buffer.from('0123456789'))
    failFirst(fake, 'GetObject', 1, { kind: 'hang' })
    assert.equal(await readAll(s3.store, KEY), '0123456789')
    failFirst(fake, 'GetObject', 1, { kind: 'stall-body', after: 4 })
    assert.equal(await readAll(s3.store, KEY), '0123456789')
    failFirst(fake, 'GetObject', 9, { kind: 'stall-body', after: 4 })
    await assertRejectsWith(s3.store.read(KEY, 0, 10), 'unavailable')
  })

  for (const [status, code] of [
    [403, 'AccessDenied'],
    [403, 'SignatureDoesNotMatch'],
    [400, 'InvalidRequest'],
    [301, 'PermanentRedirect']
  ] as const) {
    it(`${status} ${code} is unavailable at once`, async () => {
      await using fake = await startFakeS3()
      await using s3 = await openStore(fake)
      fake.trouble = () => ({ kind: 'error', status, code })
      await assertRejectsWith(s3.store.read(KEY, 0, 1), 'unavailable')
      await assertRejectsWith(s3.store.size(KEY), 'unavailable')
      assert.deepEqual(s3.pauses, [])
    })
  }

  for (const [status, code] of [
    [507, 'InsufficientStorage'],
    [403, 'QuotaExceeded'],
    [507, 'XMinioStorageFull']
  ] as const) {
    it(`FLT-042 ${status} ${code} is no_space at once`, async () => {
      await using fake = await startFakeS3()
      await using s3 = await openStore(fake)
      await putBlob(s3.store, KEY, Buffer.from('x'))
      failFirst(fake, 'PutObject', 1, { kind: 'error', status, code })
      await assertRejectsWith(putBlob(s3.store, 'v1/other', Buffer.from('x')), 'no_space')
      assert.deepEqual(s3.pauses, [])
    })
  }
})

describe('S3 driver: what really happened', () => {
  it('FLT-034 a lost acknowledgement of PutObject is settled by looking, not by writing again', async () => {
    await using fake = await startFakeS3()
    await using s3 = await openStore(fake)
    await putBlob(s3.store, 'v1/warm-up', Buffer.from('x'))
    failFirst(fake, 'PutObject', 1, { kind: 'lost-ack' })
    const before = fake.counts.get('PutObject') ?? 0
    await putBlob(s3.store, KEY, Buffer.from('bytes'))
    assert.equal((fake.counts.get('PutObject') ?? 0) - before, 1)
    assert.equal(await readAll(s3.store, KEY), 'bytes')
  })

  it('FLT-034 a 412 caused by a repeat inside the network is told from somebody else’s object', async () => {
    await using fake = await startFakeS3()
    await using s3 = await openStore(fake)
    await putBlob(s3.store, 'v1/warm-up', Buffer.from('x'))
    let answered = false
    fake.trouble = ({ operation }) => {
      if (operation !== 'PutObject' || answered) return undefined
      answered = true
      return { kind: 'lost-ack' }
    }
    const writer = await s3.store.create(KEY)
    await writer.write([Buffer.from('same bytes')])
    await writer.commit()
    await assertRejectsWith(putBlob(s3.store, KEY, Buffer.from('same bytes')), 'exists')
  })

  it('FLT-034 the repeat of a lost CompleteMultipartUpload finds no upload, and the object', async () => {
    await using fake = await startFakeS3()
    await using s3 = await openStore(fake)
    const bytes = randomBytes(2 * PART_BYTES + 1)
    failFirst(fake, 'CompleteMultipartUpload', 1, { kind: 'lost-ack' })
    await putBlob(s3.store, KEY, bytes)
    assert.ok(bytes.equals(await s3.store.read(KEY, 0, bytes.length)))
    assert.equal(fake.uploads.size, 0)
  })

  for (const trouble of [{ kind: 'error-in-200', code: 'InternalError' }, { kind: 'lie' }] as const) {
    it(`FLT-035 CompleteMultipartUpload answers 200 without doing it (${trouble.kind}): never acknowledged, parts freed`, async () => {
      await using fake = await startFakeS3()
      await using s3 = await openStore(fake)
      failFirst(fake, 'CompleteMultipartUpload', 1, trouble)
      await putBlob(s3.store, KEY, randomBytes(PART_BYTES + 1))
      assert.equal(await s3.store.size(KEY), PART_BYTES + 1)

      failFirst(fake, 'CompleteMultipartUpload', 100, trouble)
      await assertRejectsWith(putBlob(s3.store, 'v1/other', randomBytes(PART_BYTES + 1)), 'unavailable')
      assert.equal(await s3.store.size('v1/other'), undefined)
      assert.equal(fake.uploads.size, 0)
    })
  }

  it('FLT-035 an object stored with another length is not acknowledged', async () => {
    await using fake = await startFakeS3()
    await using s3 = await openStore(fake)
    const writer = await s3.store.create(KEY)
    await writer.write([randomBytes(PART_BYTES), randomBytes(10)])
    const [parts] = fake.uploads.values()
    parts?.set(1, Buffer.from('short'))
    await assertRejectsWith(writer.commit(), 'unavailable')
  })

  it('a multipart upload does not replace an object either', async () => {
    await using fake = await startFakeS3()
    await using s3 = await openStore(fake)
    await putBlob(s3.store, KEY, Buffer.from('first'))
    await assertRejectsWith(putBlob(s3.store, KEY, randomBytes(PART_BYTES + 1)), 'exists')
    assert.equal(await readAll(s3.store, KEY), 'first')
    assert.equal(fake.uploads.size, 0)
  })

  it('an aborted writer frees its parts; when that fails it is reported only', async () => {
    await using fake = await startFakeS3()
    await using s3 = await openStore(fake)
    const write = async () => {
      const writer = await s3.store.create(KEY)
      await writer.write([randomBytes(PART_BYTES + 1)])
      return writer
    }
    const first = await write()
    assert.equal(fake.uploads.size, 1)
    await first.abort()
    assert.equal(fake.uploads.size, 0)
    const second = await write()
    failFirst(fake, 'AbortMultipartUpload', 1, { kind: 'lost-ack' })
    await second.abort()
    assert.deepEqual(s3.problems, [])
    const third = await write()
    failFirst(fake, 'AbortMultipartUpload', 100, SLOW_DOWN)
    await third.abort()
    assert.deepEqual(s3.problems, ['a multipart upload could not be aborted'])
  })

  it('FLT-041 a body cut short is tried again; an object that is shorter is truncated', async () => {
    await using fake = await startFakeS3()
    await using s3 = await openStore(fake)
    await putBlob(s3.store, KEY, Buffer.from('0123456789'))
    failFirst(fake, 'GetObject', 2, { kind: 'cut-body', after: 4 })
    assert.equal(Buffer.from(await s3.store.read(KEY, 2, 8)).toString(), '23456789')
    failFirst(fake, 'GetObject', 100, { kind: 'cut-body', after: 4 })
    await assertRejectsWith(s3.store.read(KEY, 2, 8), 'unavailable')
    fake.trouble = () => undefined
    fake.objects.set(KEY, { bytes: Buffer.from('0123'), writer: undefined })
    await assertRejectsWith(s3.store.read(KEY, 2, 8), 'truncated')
    fake.objects.delete(KEY)
    await assertRejectsWith(s3.store.read(KEY, 2, 8), 'not_found')
  })

  it('a missing bucket is unavailable, never "no such object"', async () => {
    await using fake = await startFakeS3()
    await using s3 = await openStore(fake)
    fake.trouble = ({ operation }) => ({
      kind: 'error',
      status: 404,
      code: operation.startsWith('Head') ? '' : 'NoSuchBucket'
    })
    await assertRejectsWith(s3.store.size(KEY), 'unavailable')
    await assertRejectsWith(s3.store.read(KEY, 0, 1), 'unavailable')
    await assertRejectsWith(s3.store.delete(KEY), 'unavailable')
    await assertRejectsWith(putBlob(s3.store, KEY, Buffer.from('x')), 'unavailable')
  })
})

describe('S3 driver: probing for conditions', () => {
  it('probes once, leaves nothing behind, and asks again after a failed probe', async () => {
    await using fake = await startFakeS3()
    await using s3 = await openStore(fake)
    failFirst(fake, 'PutObject', 100, SLOW_DOWN)
    await assertRejectsWith(putBlob(s3.store, KEY, Buffer.from('x')), 'unavailable')
    fake.trouble = () => undefined
    const before = fake.counts.get('PutObject') ?? 0
    await Promise.all(Array.from({ length: 10 }, (_, index) => putBlob(s3.store, `v1/${index}`, Buffer.from('x'))))
    assert.equal((fake.counts.get('PutObject') ?? 0) - before, 12)
    assert.equal(fake.objects.size, 10)
    assert.equal(fake.counts.get('HeadObject'), undefined)
  })

  it('hides probe objects that could not be removed', async () => {
    await using fake = await startFakeS3()
    await using s3 = await openStore(fake)
    failFirst(fake, 'DeleteObject', 100, SLOW_DOWN)
    await putBlob(s3.store, KEY, Buffer.from('x'))
    assert.deepEqual(s3.problems, ['a probe object could not be removed'])
    assert.equal(fake.objects.size, 2)
    assert.deepEqual(await listKeys(s3.store), [KEY])
  })
})

describe('S3 driver: aborting', () => {
  it('FLT-050 1000 reads aborted midway release their connections', async () => {
    await using fake = await startFakeS3()
    await using s3 = await openStore(fake, { maxSockets: 16 })
    await putBlob(s3.store, KEY, randomBytes(200_000))
    fake.trouble = ({ operation }) => (operation === 'GetObject' ? { kind: 'stall-body', after: 100_000 } : undefined)
    const reason = new Error('client went away')
    for (let round = 0; round < 10; round += 1) {
      const started = fake.counts.get('GetObject') ?? 0
      const controller = new AbortController()
      const reads = Array.from({ length: 100 }, () => s3.store.read(KEY, 0, 200_000, { signal: controller.signal }))
      const settled = Promise.allSettled(reads)
      await waitFor(() => (fake.counts.get('GetObject') ?? 0) > started)
      controller.abort(reason)
      for (const result of await settled) assert.equal(result.status === 'rejected' && result.reason, reason)
    }
    await waitFor(() => fake.connections() <= 1)
    fake.trouble = () => undefined
    assert.equal((await s3.store.read(KEY, 0, 200_000)).byteLength, 200_000)
  })

  it('FLT-050 a commit aborted midway gives the reason and releases its connection', async () => {
    await using fake = await startFakeS3()
    await using s3 = await openStore(fake)
    await putBlob(s3.store, 'v1/warm-up', Buffer.from('x'))
    failFirst(fake, 'PutObject', 1, { kind: 'hang' })
    const controller = new AbortController()
    const writer = await s3.store.create(KEY, controller.signal)
    await writer.write([randomBytes(1000)])
    const started = fake.counts.get('PutObject') ?? 0
    const committing = writer.commit()
    const outcome = assert.rejects(committing, /client went away/)
    await waitFor(() => (fake.counts.get('PutObject') ?? 0) > started)
    controller.abort(new Error('client went away'))
    await outcome
    assert.equal(await s3.store.size(KEY), undefined)
    await waitFor(() => fake.connections() <= 1)
  })

  it('closes every connection on disposal and refuses work', async () => {
    await using fake = await startFakeS3()
    const s3 = await openStore(fake)
    await Promise.all(Array.from({ length: 8 }, (_, index) => putBlob(s3.store, `v1/${index}`, Buffer.from('x'))))
    assert.ok(fake.connections() > 1)
    await s3[Symbol.asyncDispose]()
    await waitFor(() => fake.connections() === 0)
    await assertRejectsWith(s3.store.read('v1/0', 0, 1), 'unavailable')
    await assertRejectsWith(s3.store.create('v1/9'), 'unavailable')
  })
})
