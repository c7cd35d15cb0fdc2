import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { BlobError, type BlobErrorCode, type BlobInfo, type BlobStore } from './blob-store.ts'

export interface ContractSubject {
  /** Shown as the suite's title. */
  readonly name: string
  /** Opens a store; the suite disposes it. It may hold other objects already. */
  readonly open: () => Promise<BlobStore>
  /** Why the suite cannot run here. */
  readonly skip?: string | undefined
  /** Size of the large object, in bytes; default 20 MiB. */
  readonly largeBytes?: number
}

const MIB = 1024 * 1024
const INVALID_KEYS = [
  '',
  '/',
  '/a',
  'a/',
  'a//b',
  '.',
  '..',
  '../a',
  'a/../b',
  'a/./b',
  '.tmp/a',
  'a/.hidden',
  'A',
  'a b',
  'a\\b',
  'a\0b',
  'ä',
  'a%2fb',
  'a\n',
  'x'.repeat(201)
]

/** Registers the tests that every driver of the port must pass. */
export const describeBlobStore = (subject: ContractSubject): void => {
  describe(subject.name, { skip: subject.skip ?? false }, () => {
    let store: BlobStore
    const folder = `suite/${randomBytes(8).toString('hex')}`
    let keys = 0
    const newKey = (): string => {
      keys += 1
      return `${folder}/${keys % 4}/${keys}`
    }

    before(async () => {
      store = await subject.open()
    })
    after(async () => {
      await store[Symbol.asyncDispose]()
    })

    it('shows an object only once it is committed', async () => {
      const key = newKey()
      const writer = await store.create(key)
      await writer.write([Buffer.from('some '), Buffer.from('bytes')])
      assert.equal(await store.size(key), undefined)
      await rejectsWith(store.read(key, 0, 1), 'not_found')
      assert.deepEqual(await keysOf(store, key), [])
      await writer.commit()
      assert.equal(await store.size(key), 10)
      assert.equal(text(await store.read(key, 0, 10)), 'some bytes')
      assert.deepEqual(await keysOf(store, key), [key])
    })

    it('reads exactly the range asked for', async () => {
      const key = newKey()
      await put(store, key, Buffer.from('0123456789'))
      assert.equal(text(await store.read(key, 0, 1)), '0')
      assert.equal(text(await store.read(key, 3, 4)), '3456')
      assert.equal(text(await store.read(key, 9, 1)), '9')
      assert.equal((await store.read(key, 4, 0)).byteLength, 0)
    })

    it('reads into a given buffer, also of shared memory', async () => {
      const key = newKey()
      await put(store, key, Buffer.from('0123456789'))
      for (const memory of [new ArrayBuffer(16), new SharedArrayBuffer(16)]) {
        const into = new Uint8Array(memory, 4, 8)
        const bytes = await store.read(key, 2, 5, { into })
        assert.equal(bytes.buffer, memory)
        assert.equal(bytes.byteOffset, 4)
        assert.equal(text(bytes), '23456')
        assert.deepEqual([...into.subarray(5)], [0, 0, 0])
      }
      const small = new Uint8Array(2)
      assert.equal(text(await store.read(key, 0, 5, { into: small })), '01234')
    })

    it('says truncated when the object is shorter than asked', async () => {
      const key = newKey()
      await put(store, key, Buffer.from('0123456789'))
      await rejectsWith(store.read(key, 5, 6), 'truncated')
      await rejectsWith(store.read(key, 10, 1), 'truncated')
      await rejectsWith(store.read(key, 1000, 1), 'truncated')
    })

    it('says not_found for what is not there', async () => {
      const key = newKey()
      await rejectsWith(store.read(key, 0, 1), 'not_found')
      await rejectsWith(store.read(key, 0, 0), 'not_found')
      await rejectsWith(store.read('no-such-folder/at-all', 0, 1), 'not_found')
      assert.equal(await store.size(key), undefined)
      assert.equal(await store.size('no-such-folder/at-all'), undefined)
    })

    it('does not take a folder for an object', async () => {
      const key = newKey()
      await put(store, `${key}/below`, Buffer.from('x'))
      assert.equal(await store.size(key), undefined)
      await rejectsWith(store.read(key, 0, 1), 'not_found')
      await store.delete(key)
      assert.equal(await store.size(`${key}/below`), 1)
    })

    it('refuses a range that is none', async () => {
      await assert.rejects(store.read(newKey(), -1, 1), RangeError)
      await assert.rejects(store.read(newKey(), 0, 1.5), RangeError)
    })

    it('keeps an empty object', async () => {
      const key = newKey()
      await put(store, key)
      assert.equal(await store.size(key), 0)
      assert.equal((await store.read(key, 0, 0)).byteLength, 0)
      await rejectsWith(store.read(key, 0, 1), 'truncated')
    })

    it('lets the caller reuse parts once write resolved', async () => {
      const key = newKey()
      const part = Buffer.from('first')
      const writer = await store.create(key)
      await writer.write([part])
      part.write('again')
      await writer.write([part])
      part.fill(0)
      await writer.commit()
      assert.equal(text(await store.read(key, 0, 10)), 'firstagain')
    })

    it('takes parts of shared memory, empty parts and thousands of parts', async () => {
      const key = newKey()
      const shared = new Uint8Array(new SharedArrayBuffer(3000)).map((_, index) => index % 251)
      const memory = new Uint8Array(new SharedArrayBuffer(3000))
      memory.set(shared)
      const parts = Array.from({ length: 3000 }, (_, index) => memory.subarray(index, index + 1))
      await put(store, key, new Uint8Array(0), ...parts, new Uint8Array(0))
      assert.deepEqual(Buffer.from(await store.read(key, 0, 3000)), Buffer.from(shared))
    })

    it('keeps a large object byte for byte, read in parallel ranges', async () => {
      const key = newKey()
      const bytes = randomBytes(subject.largeBytes ?? 20 * MIB)
      const writer = await store.create(key)
      for (let at = 0; at < bytes.length; at += 3 * MIB) await writer.write(split(bytes.subarray(at, at + 3 * MIB)))
      await writer.commit()
      assert.equal(await store.size(key), bytes.length)
      const step = Math.ceil(bytes.length / 16)
      const offsets = Array.from({ length: 16 }, (_, index) => index * step)
      await Promise.all(
        offsets.map(async (offset) => {
          const expected = bytes.subarray(offset, offset + step)
          const got = await store.read(key, offset, expected.length)
          assert.ok(expected.equals(got), `range at ${offset}`)
        })
      )
    })

    it('never replaces an object', async () => {
      const key = newKey()
      await put(store, key, Buffer.from('first'))
      await rejectsWith(put(store, key, Buffer.from('later')), 'exists')
      assert.equal(text(await store.read(key, 0, 5)), 'first')
    })

    it('lets exactly one of 64 parallel commits of one key win', async () => {
      const key = newKey()
      const contents = Array.from({ length: 64 }, (_, index) => `writer ${String(index).padStart(4, '0')}`)
      const results = await Promise.allSettled(contents.map((content) => put(store, key, Buffer.from(content))))
      const winners = contents.filter((_, index) => results[index]?.status === 'fulfilled')
      assert.equal(winners.length, 1)
      for (const result of results) {
        if (result.status === 'rejected') assert.equal(codeOf(result.reason), 'exists')
      }
      assert.equal(text(await store.read(key, 0, 11)), winners[0])
    })

    it('commits many keys in parallel', async () => {
      const names = Array.from({ length: 100 }, newKey)
      await Promise.all(names.map((key) => put(store, key, Buffer.from(key))))
      await Promise.all(names.map(async (key) => assert.equal(text(await store.read(key, 0, key.length)), key)))
    })

    it('discards on abort, as often as asked', async () => {
      const key = newKey()
      const writer = await store.create(key)
      await writer.write([Buffer.from('gone')])
      await Promise.all([writer.abort(), writer.abort()])
      await writer.abort()
      assert.equal(await store.size(key), undefined)
      await rejectsWith(writer.write([Buffer.from('x')]), 'unavailable')
      await rejectsWith(writer.commit(), 'unavailable')
      await put(store, key, Buffer.from('other'))
    })

    it('keeps a committed object when its writer is aborted', async () => {
      const key = newKey()
      const writer = await store.create(key)
      await writer.write([Buffer.from('kept')])
      await writer.commit()
      await writer.abort()
      assert.equal(text(await store.read(key, 0, 4)), 'kept')
    })

    it('deletes once and for all, and again without an error', async () => {
      const key = newKey()
      await put(store, key, Buffer.from('x'))
      await store.read(key, 0, 1)
      await store.delete(key)
      assert.equal(await store.size(key), undefined)
      await rejectsWith(store.read(key, 0, 1), 'not_found')
      await store.delete(key)
      await store.delete('no-such-folder/at-all')
    })

    it('lists by prefix, inside names too', async () => {
      const base = newKey()
      const names = ['aa/1', 'aa/2', 'ab/3', 'ab/c/4', 'b'].map((name) => `${base}/${name}`)
      await Promise.all(names.map((key, index) => put(store, key, Buffer.alloc(index))))
      const found = await infosOf(store, `${base}/`)
      assert.deepEqual(
        found.map(({ key, size }) => [key, size]),
        names.map((key, index) => [key, index])
      )
      for (const { modifiedAt } of found) assert.ok(Math.abs(Date.now() - modifiedAt) < 24 * 60 * 60 * 1000)
      assert.deepEqual(await keysOf(store, `${base}/ab/`), names.slice(2, 4))
      assert.deepEqual(await keysOf(store, `${base}/a`), names.slice(0, 4))
      assert.deepEqual(await keysOf(store, `${base}/aa/2`), names.slice(1, 2))
      assert.deepEqual(await keysOf(store, `${base}/zz`), [])
      assert.ok((await keysOf(store, '')).includes(`${base}/b`))
    })

    it('stops a listing that nobody reads on', async () => {
      const base = newKey()
      await Promise.all([put(store, `${base}/1`), put(store, `${base}/2`)])
      for await (const { key } of store.list(`${base}/`)) {
        assert.ok(key.startsWith(base))
        break
      }
    })

    for (const key of INVALID_KEYS) {
      it(`SEC: refuses the key ${JSON.stringify(key.slice(0, 20))}`, async () => {
        await rejectsWith(store.create(key), 'invalid_key')
        await rejectsWith(store.read(key, 0, 1), 'invalid_key')
        await rejectsWith(store.size(key), 'invalid_key')
        await rejectsWith(store.delete(key), 'invalid_key')
        if (key !== '' && key !== 'a/') await rejectsWith(keysOf(store, key), 'invalid_key')
      })
    }

    it('gives the signal’s reason when it is aborted', async () => {
      const reason = new Error('changed my mind')
      const signal = AbortSignal.abort(reason)
      const key = newKey()
      await assert.rejects(store.create(key, signal), reason)
      await assert.rejects(store.read(key, 0, 1, { signal }), reason)
      await assert.rejects(store.size(key, signal), reason)
      await assert.rejects(store.delete(key, signal), reason)
      await assert.rejects(keysOf(store, key, signal), reason)
      await assert.rejects(store.check(signal), reason)
    })

    it('leaves nothing when its signal is aborted before the commit', async () => {
      const key = newKey()
      const controller = new AbortController()
      const reason = new Error('client went away')
      const writer = await store.create(key, controller.signal)
      await writer.write([Buffer.from('half')])
      controller.abort(reason)
      await assert.rejects(writer.commit(), reason)
      await writer.abort()
      assert.equal(await store.size(key), undefined)
    })

    it('passes its own check', async () => {
      await store.check()
      const free = await store.freeBytes()
      assert.ok(free === undefined || free > 0)
    })
  })
}

const put = async (store: BlobStore, key: string, ...parts: Uint8Array[]): Promise<void> => {
  const writer = await store.create(key)
  await writer.write(parts)
  await writer.commit()
}

/** Unequal pieces, so that no driver can rely on aligned parts. */
const split = (bytes: Buffer): Buffer[] => [bytes.subarray(0, 7), bytes.subarray(7, 70_001), bytes.subarray(70_001)]

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString()

const infosOf = async (store: BlobStore, prefix: string, signal?: AbortSignal): Promise<BlobInfo[]> => {
  const found: BlobInfo[] = []
  for await (const info of store.list(prefix, signal)) found.push(info)
  return found.sort((a, b) => (a.key < b.key ? -1 : 1))
}

const keysOf = async (store: BlobStore, prefix: string, signal?: AbortSignal): Promise<string[]> =>
  (await infosOf(store, prefix, signal)).map(({ key }) => key)

const codeOf = (error: unknown): BlobErrorCode | undefined => (error instanceof BlobError ? error.code : undefined)

const rejectsWith = async (promise: Promise<unknown>, code: BlobErrorCode): Promise<void> => {
  await assert.rejects(promise, (error) => {
    assert.equal(codeOf(error), code, String(error))
    return true
  })
}
