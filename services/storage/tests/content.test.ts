import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { StoredContent } from '@cairn/contracts'
import { sql } from 'kysely'
import { seal, sealStream } from '../src/seal.ts'
import { getUpload, openUpload } from '../src/store/uploads.ts'
import { body, collectBytes, createTestStorage, never, type TestStorage } from './_storage.ts'

const MIB = 1024 * 1024

describe('content', () => {
  let storage: TestStorage
  before(async () => {
    storage = await createTestStorage()
  })
  after(() => storage[Symbol.asyncDispose]())

  const put = (bytes: Uint8Array): Promise<StoredContent> =>
    storage.data.put(
      { vaultId: storage.vaultId, referenceId: storage.uuid(), length: bytes.length, limit: 1e12 },
      body(bytes),
      never
    )
  const read = (stored: StoredContent, start = 0, end = stored.size): Promise<Buffer> =>
    collectBytes(storage.data.read({ vaultId: storage.vaultId, manifestId: stored.manifestId, start, end }, never))
  const openStream = async (): Promise<string> => {
    const uploadId = storage.uuid()
    await storage.context.vaults.keys(storage.vaultId)
    await openUpload(storage.context.database.query, storage.vaultId, { uploadId, leaseSeconds: 600 })
    return uploadId
  }

  for (const size of [0, 1, 4096, 262_144, 262_145, MIB, 4 * MIB, 4 * MIB + 1, 40 * MIB + 12_345]) {
    test(`SEC-051 ${size} random bytes come back as they were`, async () => {
      const bytes = randomBytes(size)
      const stored = await put(bytes)
      assert.equal(stored.size, size)
      assert.ok((await read(stored)).equals(bytes))
    })
  }

  test('text is compressed, repeats are stored once, and both come back as they were', async () => {
    const text = Buffer.from('a cairn is a pile of stones. '.repeat(400_000))
    const stored = await put(text)
    assert.ok((await read(stored)).equals(text))
    const zeros = Buffer.alloc(64 * MIB)
    const packsBefore = await storedBytes(storage)
    const sparse = await put(zeros)
    assert.ok((await storedBytes(storage)) - packsBefore < MIB)
    assert.ok((await read(sparse)).equals(zeros))
  })

  test('ranges across chunk borders are exact', async () => {
    const bytes = randomBytes(12 * MIB)
    const stored = await put(bytes)
    for (let at = 0; at < 60; at += 1) {
      const start = Math.floor((bytes.length * at) / 61)
      const end = Math.min(bytes.length, start + 1 + ((at * 104_729) % (3 * MIB)))
      assert.ok((await read(stored, start, end)).equals(bytes.subarray(start, end)), `${start}-${end}`)
    }
  })

  test('the same content again stores no new bytes and shares its manifest', async () => {
    const bytes = randomBytes(9 * MIB)
    const first = await put(bytes)
    const stored = await storedBytes(storage)
    const second = await put(bytes)
    assert.equal(await storedBytes(storage), stored)
    assert.deepEqual(second.manifestId, first.manifestId)
  })

  test('FLT-047 a body that breaks off is kept up to its last byte, and resumes there', async () => {
    const bytes = randomBytes(21 * MIB + 777)
    const uploadId = await openStream()
    const target = { vaultId: storage.vaultId, uploadId, limit: bytes.length }
    let offset = 0
    for (const cut of [1, 300_000, 5 * MIB + 3, 20 * MIB, bytes.length]) {
      const result = await storage.data.append(
        { ...target, offset },
        breaking(bytes.subarray(offset, cut), cut < bytes.length),
        never
      )
      assert.equal(result.durableOffset, cut)
      offset = (await getUpload(storage.context.database.query, storage.vaultId, uploadId)).durableOffset
      assert.equal(offset, cut)
    }
    const stored = await sealStream(storage.context, { vaultId: storage.vaultId, uploadId }, storage.uuid())
    assert.equal(stored.size, bytes.length)
    assert.ok((await read(stored)).equals(bytes))
  })

  test('an upload cut into arbitrary appends stores the same content as one put', async () => {
    const bytes = randomBytes(10 * MIB)
    const whole = await put(bytes)
    const uploadId = await openStream()
    for (let offset = 0; offset < bytes.length; ) {
      const end = Math.min(bytes.length, offset + 1_234_567)
      await storage.data.append(
        { vaultId: storage.vaultId, uploadId, offset, limit: 1e12 },
        body(bytes.subarray(offset, end), 10_000),
        never
      )
      offset = end
    }
    const stored = await sealStream(storage.context, { vaultId: storage.vaultId, uploadId }, storage.uuid())
    assert.deepEqual(stored.manifestId, whole.manifestId)
  })

  test('SEC-041 an append at another offset is refused and changes nothing', async () => {
    const uploadId = await openStream()
    const target = { vaultId: storage.vaultId, uploadId, limit: 100 }
    await storage.data.append({ ...target, offset: 0 }, body(Buffer.from('hello')), never)
    await assert.rejects(storage.data.append({ ...target, offset: 3 }, body(Buffer.from('x')), never), {
      code: 'offset_mismatch'
    })
    assert.equal((await getUpload(storage.context.database.query, storage.vaultId, uploadId)).durableOffset, 5)
  })

  test('SEC-047 more bytes than declared are refused', async () => {
    const uploadId = await openStream()
    const target = { vaultId: storage.vaultId, uploadId, offset: 0, limit: 10 }
    await assert.rejects(storage.data.append(target, body(Buffer.alloc(11)), never), { code: 'payload_too_large' })
  })

  test('FLT-048 of two writers of one upload one wins, the other is refused', async () => {
    const bytes = randomBytes(3 * MIB)
    const uploadId = await openStream()
    const target = { vaultId: storage.vaultId, uploadId, offset: 0, limit: bytes.length }
    const results = await Promise.allSettled([
      storage.data.append(target, body(bytes), never),
      storage.data.append(target, body(bytes), never)
    ])
    assert.equal(results.filter((result) => result.status === 'fulfilled').length, 1)
    const stored = await sealStream(storage.context, { vaultId: storage.vaultId, uploadId }, storage.uuid())
    assert.ok((await read(stored)).equals(bytes))
  })

  test('sealing again with the same reference answers the same', async () => {
    const uploadId = await openStream()
    const target = { vaultId: storage.vaultId, uploadId }
    await storage.data.append({ ...target, offset: 0, limit: 5 }, body(Buffer.from('hello')), never)
    const referenceId = storage.uuid()
    const first = await sealStream(storage.context, target, referenceId)
    assert.deepEqual(await sealStream(storage.context, target, referenceId), first)
  })

  test('SEC-036 a chunk id buys nothing without the bytes in this upload', async () => {
    const bytes = randomBytes(100_000)
    await put(bytes)
    const wireId = storage.context.hasher.hash(bytes)
    const uploadId = await openStream()
    await assert.rejects(
      seal(
        storage.context,
        { vaultId: storage.vaultId, uploadId },
        {
          items: [{ referenceId: storage.uuid(), chunks: [{ wireId, length: bytes.length }] }],
          close: true
        }
      ),
      { code: 'chunk_missing' }
    )
  })

  test('FLT-041 FLT-062 a damaged record is never served, and the next upload of it heals', async () => {
    const bytes = randomBytes(2 * MIB)
    const stored = await put(bytes)
    await damageEveryPack(storage)
    await assert.rejects(read(stored), { code: 'content_damaged' })
    const again = await put(bytes)
    assert.ok((await read(again)).equals(bytes))
  })
})

const storedBytes = async (storage: TestStorage): Promise<number> => {
  const { rows } = await sql<{ bytes: number }>`
    select coalesce(sum(bytes), 0)::bigint as bytes from storage.pack where state = 'stored'`.execute(
    storage.context.database.query
  )
  return rows[0]?.bytes ?? 0
}

async function* breaking(bytes: Uint8Array, breaks: boolean): AsyncGenerator<Uint8Array> {
  yield* body(bytes)
  if (breaks) throw new Error('connection reset')
}

/** Flips a bit in the middle of every object. */
const damageEveryPack = async (storage: TestStorage): Promise<void> => {
  const entries = await readdir(storage.blobsFolder, { recursive: true, withFileTypes: true })
  for (const entry of entries) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const bytes = await readFile(path)
    if (bytes.length < 100_000) continue
    for (let at = 1000; at < bytes.length; at += 100_000) bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at)
    await writeFile(path, bytes)
  }
}
