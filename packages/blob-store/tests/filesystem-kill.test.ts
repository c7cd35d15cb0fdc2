import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, readdir } from 'node:fs/promises'
import { it } from 'node:test'
import { promisify } from 'node:util'
import { createTemporaryFolder, waitFor } from '@cairn/testing'
import { createFilesystemBlobStore } from '../src/filesystem/index.ts'
import { assertRejectsWith, listKeys, putBlob, readAll } from './_blobs.ts'

const run = promisify(execFile)
const ROUNDS = 4

it('FLT-001 kill -9 in the midst of commits: every acknowledged object is whole, none is torn, temp is swept', async () => {
  await using folder = await createTemporaryFolder('blob-kill')
  const acknowledged = new Set<string>()
  for (let round = 1; round <= ROUNDS; round += 1) {
    const child = spawn(process.execPath, [`${import.meta.dirname}/_commit-loop.ts`, folder.path], {
      stdio: ['ignore', 'pipe', 'inherit']
    })
    const exited = once(child, 'exit')
    let output = ''
    child.stdout.on('data', (data: Buffer) => {
      output += data.toString()
    })
    await waitFor(() => output.split('\n').length > 10 * round)
    child.kill('SIGKILL')
    await exited
    for (const key of output.split('\n').slice(0, -1)) acknowledged.add(key)
  }
  await using store = await createFilesystemBlobStore({ root: folder.path })
  const found = new Set(await listKeys(store))
  for (const key of acknowledged) assert.ok(found.has(key), `${key} is gone`)
  for (const key of found) {
    const content = await readAll(store, key)
    const hash = createHash('sha256')
      .update(content ?? '')
      .digest('hex')
    assert.equal(hash, key.split('/').at(-1))
  }
  assert.deepEqual(await readdir(`${folder.path}/.tmp`), [])
})

/** A file system of 1 MiB, where the machine lets us mount one. */
const mountSmallDisk = async (path: string): Promise<boolean> => {
  await mkdir(path)
  try {
    await run('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', path])
    return true
  } catch {
    return false
  }
}

it('FLT-042 a disk that is really full: no_space, what was there stays readable, freed space is usable again', async (t) => {
  await using folder = await createTemporaryFolder('blob-full')
  const root = `${folder.path}/disk`
  if (!(await mountSmallDisk(root))) return t.skip('cannot mount a small file system here')
  try {
    await using store = await createFilesystemBlobStore({ root })
    const block = Buffer.alloc(300 * 1024, 'x')
    await putBlob(store, 'v1/one', block)
    await putBlob(store, 'v1/two', block)
    await assertRejectsWith(putBlob(store, 'v1/three', block, block), 'no_space')
    assert.deepEqual(await readdir(`${root}/.tmp`), [])
    assert.deepEqual(await listKeys(store), ['v1/one', 'v1/two'])
    assert.equal((await readAll(store, 'v1/one'))?.length, block.length)
    assert.ok(((await store.freeBytes()) ?? 0) < 2 * block.length)
    await store.delete('v1/one')
    await putBlob(store, 'v1/three', block)
  } finally {
    await run('umount', ['-l', root])
  }
})
