import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createSeededRandom } from '@cairn/testing'
import type { BlobStore } from '../src/blob-store.ts'
import { createFilesystemBlobStore, type FileSystem, type ProcessIdentity } from '../src/filesystem/index.ts'
import { listKeys, putBlob, readAll } from './_blobs.ts'
import { hookFileSystem } from './_faulty-file-system.ts'
import { SimulatedDisk, systemError, type UnsyncedFate } from './_simulated-disk.ts'

const ROOT = '/data/blobs'
const CONTENT = 'all of it, or nothing'
const FIRST = 'v1/vault/aa/first'
const SECOND = 'v1/other/bb/second'
/** Far more calls than one commit makes. */
const MANY_CALLS = 100

const fates: readonly (readonly [string, () => UnsyncedFate])[] = [
  ['nothing unsynced survives', () => () => 'lost'],
  ['everything unsynced survives', () => () => 'kept'],
  ['names survive, data does not', () => (what) => (what === 'entry' ? 'kept' : 'lost')],
  ...Array.from({ length: 10 }, (_, seed) => [`chance ${seed} decides`, () => seededFate(seed)] as const)
]

const seededFate = (seed: number): UnsyncedFate => {
  const random = createSeededRandom(seed)
  return () => (random.unit() < 0.5 ? 'kept' : 'lost')
}

let pids = 100
const open = (fs: FileSystem): Promise<BlobStore> => {
  pids += 1
  return createFilesystemBlobStore({
    root: ROOT,
    fs,
    process: { host: 'test', pid: pids, startedAt: 0, isAlive: () => false } satisfies ProcessIdentity
  })
}

/** A file system whose process can be told to die after some more calls: none goes through then. */
const mortal = (fs: FileSystem) => {
  let left = Number.POSITIVE_INFINITY
  const fault = () => {
    left -= 1
    return left >= 0 ? undefined : systemError('EIO')
  }
  return {
    fs: hookFileSystem(fs, fault),
    dieAfter: (calls: number) => {
      left = calls
    },
    died: () => left < 0
  }
}

const filesOf = async (fs: FileSystem, path: string): Promise<string[]> => {
  const names: string[] = []
  for await (const { name } of fs.list(path)) names.push(name)
  return names
}

/** One commit cut short after `calls` calls, then a power cut and a new start. */
const interruptCommit = async (calls: number, fate: UnsyncedFate) => {
  const disk = new SimulatedDisk()
  const process = mortal(disk.mount())
  const store = await open(process.fs)
  await putBlob(store, FIRST, Buffer.from(CONTENT))
  process.dieAfter(calls)
  const acknowledged = await putBlob(store, SECOND, Buffer.from('all of it, '), Buffer.from('or nothing')).then(
    () => true,
    () => false
  )
  disk.cutPower(fate)
  return { acknowledged, died: process.died(), store: await open(disk.mount()), disk }
}

describe('filesystem blob store after a crash', () => {
  for (const [name, fate] of fates) {
    it(`FLT-018 stopped after each step of a commit, ${name}: absent or complete, acknowledged is durable`, async () => {
      let steps = 0
      for (; steps < MANY_CALLS; steps += 1) {
        const { acknowledged, died, store, disk } = await interruptCommit(steps, fate())
        assert.equal(await readAll(store, FIRST), CONTENT, `step ${steps}`)
        const second = await readAll(store, SECOND)
        assert.ok(second === CONTENT || (second === undefined && !acknowledged), `step ${steps}: ${second}`)
        assert.deepEqual(await filesOf(disk.mount(), `${ROOT}/.tmp`), [], `step ${steps}`)
        if (!died) break
      }
      assert.ok(steps > 10 && steps < MANY_CALLS, `${steps} steps`)
    })
  }

  it('FLT-018 many commits to one folder share its fsync and all survive', async () => {
    for (let seed = 0; seed < 20; seed += 1) {
      const disk = new SimulatedDisk()
      const random = createSeededRandom(seed)
      const process = mortal(disk.mount())
      const store = await open(process.fs)
      process.dieAfter(Math.floor(random.unit() * 200))
      const keys = Array.from({ length: 24 }, (_, index) => `v1/vault/${index % 2}/${index}`)
      const results = await Promise.allSettled(keys.map((key) => putBlob(store, key, Buffer.from(key))))
      disk.cutPower(seededFate(seed))
      const after = await open(disk.mount())
      for (const [index, key] of keys.entries()) {
        const found = await readAll(after, key)
        const acknowledged = results[index]?.status === 'fulfilled'
        assert.ok(found === key || (found === undefined && !acknowledged), `seed ${seed}: ${key} is ${found}`)
      }
    }
  })

  it('a folder left by a process that died before its fsync is made durable by the next', async () => {
    const disk = new SimulatedDisk()
    const dying = disk.mount()
    const store = await open(disk.mount())
    await dying.mkdir(`${ROOT}/v1`, 0o700)
    await dying.mkdir(`${ROOT}/v1/vault`, 0o700)
    await dying.mkdir(`${ROOT}/v1/vault/aa`, 0o700)
    await putBlob(store, FIRST, Buffer.from(CONTENT))
    disk.cutPower(() => 'lost')
    assert.equal(await readAll(await open(disk.mount()), FIRST), CONTENT)
  })

  it('an acknowledged delete stays deleted', async () => {
    const disk = new SimulatedDisk()
    const store = await open(disk.mount())
    await putBlob(store, FIRST, Buffer.from(CONTENT))
    await store.delete(FIRST)
    disk.cutPower(() => 'lost')
    assert.deepEqual(await listKeys(await open(disk.mount())), [])
  })

  for (const call of ['fdatasync', 'fsync'] as const) {
    it(`the simulated disk catches a driver that leaves out ${call}`, async () => {
      const disk = new SimulatedDisk()
      await open(disk.mount())
      const store = await open({ ...disk.mount(), [call]: async () => undefined })
      await putBlob(store, FIRST, Buffer.from(CONTENT))
      disk.cutPower((what) => (call === 'fdatasync' && what === 'entry' ? 'kept' : 'lost'))
      assert.notEqual(await readAll(await open(disk.mount()), FIRST), CONTENT)
    })
  }
})
