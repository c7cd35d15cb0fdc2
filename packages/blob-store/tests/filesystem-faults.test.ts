import assert from 'node:assert/strict'
import { readdir, rm } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { createTemporaryFolder } from '@cairn/testing'
import { createFilesystemBlobStore, nodeFileSystem } from '../src/filesystem/index.ts'
import { assertRejectsWith, putBlob, readAll } from './_blobs.ts'
import { type Fault, hookFileSystem, type Observer, type SystemCall } from './_faulty-file-system.ts'
import { systemError } from './_simulated-disk.ts'

const KEY = 'v1/vault/aa/object'

/** A store on a real folder whose system calls can be made to fail. */
const openFaulty = async () => {
  const folder = await createTemporaryFolder('blob-faults')
  let fault: Fault = () => undefined
  let observe: Observer = () => undefined
  const problems: string[] = []
  const store = await createFilesystemBlobStore({
    root: folder.path,
    fs: hookFileSystem(
      nodeFileSystem,
      (call, args) => fault(call, args),
      (call, args) => observe(call, args)
    ),
    onProblem: (message) => problems.push(message)
  })
  return {
    store,
    problems,
    root: folder.path,
    tempFiles: () => readdir(`${folder.path}/.tmp`),
    failOn: (wanted: SystemCall, code: string) => {
      fault = (call) => (call === wanted ? systemError(code) : undefined)
    },
    failWhen: (next: Fault) => {
      fault = next
    },
    watch: (next: Observer) => {
      observe = next
    },
    heal: () => {
      fault = () => undefined
    },
    [Symbol.asyncDispose]: async () => {
      await store[Symbol.asyncDispose]()
      await folder[Symbol.asyncDispose]()
    }
  }
}

const FAILURES = [
  ['FLT-042', 'open', 'ENOSPC', 'no_space'],
  ['FLT-042', 'writev', 'ENOSPC', 'no_space'],
  ['FLT-042', 'writev', 'EDQUOT', 'no_space'],
  ['FLT-042', 'fdatasync', 'ENOSPC', 'no_space'],
  ['FLT-042', 'mkdir', 'ENOSPC', 'no_space'],
  ['FLT-042', 'link', 'ENOSPC', 'no_space'],
  ['FLT-018', 'writev', 'EIO', 'unavailable'],
  ['FLT-018', 'fdatasync', 'EIO', 'unavailable'],
  ['FLT-018', 'fsync', 'EIO', 'unavailable'],
  ['FLT-018', 'close', 'EIO', 'unavailable'],
  ['FLT-018', 'link', 'EIO', 'unavailable'],
  ['FLT-018', 'mkdir', 'EROFS', 'unavailable'],
  ['FLT-018', 'open', 'EMFILE', 'unavailable']
] as const

describe('filesystem blob store on a failing disk', () => {
  for (const [id, call, code, expected] of FAILURES) {
    it(`${id} ${code} on ${call}: ${expected}, nothing visible, temp removed, works again`, async () => {
      await using disk = await openFaulty()
      disk.failOn(call, code)
      await assertRejectsWith(putBlob(disk.store, KEY, Buffer.from('bytes')), expected)
      disk.heal()
      assert.equal(await disk.store.size(KEY), undefined)
      assert.deepEqual(await disk.tempFiles(), [])
      await putBlob(disk.store, KEY, Buffer.from('bytes'))
      assert.equal(await readAll(disk.store, KEY), 'bytes')
      assert.deepEqual(await disk.tempFiles(), [])
    })
  }

  it('FLT-018 a commit is refused for good once a write has failed', async () => {
    await using disk = await openFaulty()
    const writer = await disk.store.create(KEY)
    await writer.write([Buffer.from('kept')])
    disk.failOn('writev', 'ENOSPC')
    await assertRejectsWith(writer.write([Buffer.from('lost')]), 'no_space')
    disk.heal()
    await assertRejectsWith(writer.commit(), 'unavailable')
    await writer.abort()
    assert.equal(await disk.store.size(KEY), undefined)
  })

  it('FLT-018 a failed folder fsync does not acknowledge, nor does it take another object away', async () => {
    await using disk = await openFaulty()
    await putBlob(disk.store, 'v1/vault/aa/before', Buffer.from('safe'))
    disk.failOn('fsync', 'EIO')
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, (_, index) => putBlob(disk.store, `v1/vault/aa/${index}`, Buffer.from('x')))
    )
    assert.ok(results.every(({ status }) => status === 'rejected'))
    disk.heal()
    assert.deepEqual(await readdir(`${disk.root}/v1/vault/aa`), ['before'])
  })

  it('FLT-018 a temp file that cannot be removed is reported, not thrown, once the object is durable', async () => {
    await using disk = await openFaulty()
    disk.failOn('unlink', 'EIO')
    await putBlob(disk.store, KEY, Buffer.from('x'))
    disk.heal()
    assert.deepEqual(disk.problems, ['a temp file could not be removed'])
    assert.equal(await readAll(disk.store, KEY), 'x')
  })

  it('goes on after short writes', async () => {
    await using folder = await createTemporaryFolder('blob-short')
    const store = await createFilesystemBlobStore({
      root: folder.path,
      fs: {
        ...nodeFileSystem,
        writev: (descriptor, parts, position) => {
          const bytes = Buffer.concat(parts).subarray(0, 5)
          return nodeFileSystem.writev(descriptor, [bytes], position)
        }
      }
    })
    await putBlob(store, KEY, Buffer.from('abc'), Buffer.from('defghij'), Buffer.from('klm'))
    assert.equal(await readAll(store, KEY), 'abcdefghijklm')
  })

  it('FLT-018 EIO while reading is unavailable, not an empty answer', async () => {
    await using disk = await openFaulty()
    await putBlob(disk.store, KEY, Buffer.from('bytes'))
    disk.failOn('read', 'EIO')
    await assertRejectsWith(disk.store.read(KEY, 0, 5), 'unavailable')
    disk.failOn('lstat', 'EIO')
    await assertRejectsWith(disk.store.size(KEY), 'unavailable')
  })

  it('FLT-018 check fails while the disk does, at most one probe at a time', async () => {
    await using disk = await openFaulty()
    disk.failOn('fdatasync', 'EIO')
    await assertRejectsWith(disk.store.check(), 'unavailable')
    disk.heal()
    let probes = 0
    disk.watch((call) => {
      if (call === 'fdatasync') probes += 1
    })
    await Promise.all(Array.from({ length: 20 }, () => disk.store.check()))
    await disk.store.check()
    assert.equal(probes, 1)
    assert.deepEqual(await disk.tempFiles(), [])
  })

  it('refuses a file system without hard links at start', async () => {
    await using folder = await createTemporaryFolder('blob-nolink')
    const fs = hookFileSystem(nodeFileSystem, (call) => (call === 'link' ? systemError('EPERM') : undefined))
    await assertRejectsWith(createFilesystemBlobStore({ root: folder.path, fs }), 'unavailable')
    assert.deepEqual(await readdir(`${folder.path}/.tmp`), [])
  })

  it('makes a folder again that was removed meanwhile', async () => {
    await using disk = await openFaulty()
    await putBlob(disk.store, KEY, Buffer.from('x'))
    await rm(`${disk.root}/v1`, { recursive: true })
    assert.equal(await disk.store.size(KEY), undefined)
    await putBlob(disk.store, KEY, Buffer.from('y'))
    assert.equal(await readAll(disk.store, KEY), 'y')
  })

  it('pays for folders once and shares folder fsyncs', async () => {
    await using disk = await openFaulty()
    await putBlob(disk.store, 'v1/vault/aa/0', Buffer.from('x'))
    const calls = new Map<SystemCall, number>()
    disk.watch((call) => calls.set(call, (calls.get(call) ?? 0) + 1))
    const keys = Array.from({ length: 64 }, (_, index) => `v1/vault/aa/${index + 1}`)
    await Promise.all(keys.map((key) => putBlob(disk.store, key, Buffer.from('x'))))
    assert.equal(calls.get('mkdir'), undefined)
    assert.equal(calls.get('realpath'), undefined)
    assert.equal(calls.get('fdatasync'), 64)
    assert.ok((calls.get('fsync') ?? 0) < 64, `${calls.get('fsync')} folder fsyncs`)
  })

  it('removes the name when the folder fsync fails although the signal aborted', async () => {
    await using disk = await openFaulty()
    await putBlob(disk.store, 'v1/vault/aa/first', Buffer.from('x'))
    const controller = new AbortController()
    const writer = await disk.store.create(KEY, controller.signal)
    disk.failWhen((call) => {
      if (call !== 'fsync') return undefined
      controller.abort(new Error('gone'))
      return systemError('EIO')
    })
    await assert.rejects(writer.commit(), /gone/)
    disk.heal()
    assert.equal(await disk.store.size(KEY), undefined)
  })
})
