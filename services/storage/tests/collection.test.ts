import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readdir, rm, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { StoredContent } from '@cairn/contracts'
import { sql } from 'kysely'
import { examine } from '../src/doctor/doctor.ts'
import type { DoctorReport } from '../src/doctor/finding.ts'
import { packKey } from '../src/format/pack.ts'
import { collect } from '../src/gc/collect.ts'
import { compact } from '../src/gc/compact.ts'
import { reconcile } from '../src/jobs/reconcile.ts'
import { deleteReferences } from '../src/store/references.ts'
import { openUpload } from '../src/store/uploads.ts'
import { body, collectBytes, createTestStorage, never, type TestStorage } from './_storage.ts'

const MIB = 1024 * 1024

describe('collection', () => {
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
  const readBack = (stored: StoredContent): Promise<Buffer> =>
    collectBytes(
      storage.data.read({ vaultId: storage.vaultId, manifestId: stored.manifestId, start: 0, end: stored.size }, never)
    )
  const release = (stored: StoredContent): Promise<void> =>
    deleteReferences(storage.context.database.query, storage.vaultId, [stored.referenceId])
  const run = () => collect(storage.context, storage.vaultId)
  const objects = async (): Promise<string[]> =>
    (await readdir(storage.blobsFolder, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile() && entry.parentPath.includes(storage.vaultId.replaceAll('-', '')))
      .map((entry) => join(entry.parentPath, entry.name))
  const doctor = (level: number, repair = false): Promise<DoctorReport & { total: number }> =>
    examine(storage.context, { level, repair, vaultId: storage.vaultId, checkTree: noFindings }, never)

  test('released content leaves after two runs, kept content stays, doctor finds nothing', async () => {
    const kept = randomBytes(5 * MIB)
    const keptStored = await put(kept)
    const released = await put(randomBytes(30 * MIB))
    const before = (await objects()).length
    await release(released)
    const first = await run()
    assert.ok(first.condemnedChunks > 10)
    assert.equal(first.reapedChunks, 0)
    const second = await run()
    assert.equal(second.reapedChunks, first.condemnedChunks)
    assert.ok((await objects()).length < before)
    assert.ok((await readBack(keptStored)).equals(kept))
    assert.equal((await doctor(3)).total, 0)
  })

  test('condemned content that is uploaded again lives on', async () => {
    const bytes = randomBytes(3 * MIB)
    await release(await put(bytes))
    assert.ok((await run()).condemnedChunks > 0)
    const again = await put(bytes)
    await run()
    await run()
    assert.ok((await readBack(again)).equals(bytes))
    assert.equal((await doctor(3)).total, 0)
  })

  test('what an open upload holds is not collected; when its lease has passed it is', async () => {
    const uploadId = storage.uuid()
    const bytes = randomBytes(20 * MIB)
    const target = { vaultId: storage.vaultId, uploadId }
    await openUpload(storage.context.database.query, storage.vaultId, { uploadId, leaseSeconds: 600 })
    await storage.data.append({ ...target, offset: 0, limit: bytes.length + 1 }, body(bytes), never)
    assert.equal((await run()).condemnedChunks, 0)
    await sql`update storage.upload set lease_until = now() - interval '1 second' where upload_id = ${uploadId}`.execute(
      storage.context.database.query
    )
    const report = await run()
    assert.equal(report.expiredUploads, 1)
    assert.ok(report.condemnedChunks > 10)
    await assert.rejects(
      storage.data.append({ ...target, offset: bytes.length, limit: bytes.length + 1 }, body(Buffer.alloc(1)), never),
      { code: 'upload_expired' }
    )
  })

  test('FLT-005 collections beside a storm of uploads and releases lose nothing', async () => {
    const alive = new Map<StoredContent, Buffer>()
    const shared = Array.from({ length: 6 }, () => randomBytes(300_000))
    let working = true
    const collector = (async () => {
      let runs = 0
      while (working) {
        await run()
        runs += 1
      }
      return runs
    })()
    const worker = async (): Promise<void> => {
      for (let round = 0; round < 12; round += 1) {
        const bytes = shared[Math.floor(Math.random() * shared.length)] ?? Buffer.alloc(0)
        const stored = await put(bytes)
        if (Math.random() < 0.7) await release(stored)
        else alive.set(stored, bytes)
      }
    }
    await Promise.all(Array.from({ length: 6 }, worker))
    working = false
    assert.ok((await collector) > 1)
    for (const [stored, bytes] of alive) assert.ok((await readBack(stored)).equals(bytes))
    assert.equal((await doctor(3)).total, 0)
  })

  test('compaction merges small packs, readers that knew the old place still read', async () => {
    const contents = []
    for (let index = 0; index < 12; index += 1) {
      const bytes = randomBytes(20_000)
      contents.push({ bytes, stored: await put(bytes) })
    }
    for (const { stored } of contents) await readBack(stored)
    const before = (await objects()).length
    assert.ok((await compact(storage.context, storage.vaultId, never)) >= 12)
    await run()
    assert.ok((await objects()).length < before - 10)
    for (const { bytes, stored } of contents) assert.ok((await readBack(stored)).equals(bytes))
    assert.equal((await doctor(3)).total, 0)
  })

  test('an orphan reference is fenced and released, a committed one confirmed', async () => {
    const [orphan, committed] = [await put(randomBytes(1000)), await put(randomBytes(1000))]
    await sql`update storage.reference set created_at = now() - interval '2 hours'
      where reference_id = any(${[orphan.referenceId, committed.referenceId]}::uuid[])`.execute(
      storage.context.database.query
    )
    const asked: string[] = []
    const released = await reconcile(storage.context, storage.vaultId, async (_, ids) => {
      asked.push(...ids)
      return [committed.referenceId]
    })
    assert.equal(released, 1)
    assert.deepEqual(asked.sort(), [orphan.referenceId, committed.referenceId].sort())
    await run()
    assert.ok((await readBack(committed)).length === 1000)
  })

  test('FLT-020 doctor names lost and damaged objects and rebuilds lost rows', async () => {
    const bytes = randomBytes(18 * MIB)
    const stored = await put(bytes)
    await sql`delete from storage.chunk where vault_id = ${storage.vaultId} and chunk_id in (
      select chunk_id from storage.chunk where vault_id = ${storage.vaultId} limit 5)`.execute(
      storage.context.database.query
    )
    assert.ok((await doctor(0)).findings.some((finding) => finding.code === 'chunk_missing'))
    assert.equal((await doctor(0, true)).repaired, 5)
    assert.equal((await doctor(3)).total, 0)
    assert.ok((await readBack(stored)).equals(bytes))
    const { rows: packs } = await sql<{ pack_id: string }>`
      select pack_id from storage.pack where vault_id = ${storage.vaultId} and state = 'stored' limit 2`.execute(
      storage.context.database.query
    )
    const [lost, cut] = packs.map((pack) => join(storage.blobsFolder, packKey(storage.vaultId, pack.pack_id)))
    assert.ok(lost && cut)
    await rm(lost)
    await truncate(cut, 100)
    const report = await doctor(1)
    assert.equal(report.findings.filter((finding) => finding.code === 'pack_lost').length, 2)
  })
})

async function* noFindings(): AsyncGenerator<never> {}
