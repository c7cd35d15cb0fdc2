import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type FileSystem, nodeFileSystem } from './file-system.ts'
import { FolderSync } from './folder-sync.ts'

/** Folder fsyncs that end when the test says so. */
const createGated = () => {
  const running: PromiseWithResolvers<void>[] = []
  const fs: FileSystem = {
    ...nodeFileSystem,
    open: async () => 7,
    close: async () => undefined,
    fsync: () => {
      const gate = Promise.withResolvers<void>()
      running.push(gate)
      return gate.promise
    }
  }
  const turn = () => new Promise((resolve) => setImmediate(resolve))
  return { sync: new FolderSync(fs, true), running, turn }
}

describe('FolderSync', () => {
  it('never lets a caller join an fsync that has already started', async () => {
    const { sync, running, turn } = createGated()
    const done: string[] = []
    const first = sync.sync('/a').then(() => done.push('first'))
    await turn()
    const later = [1, 2, 3].map((n) => sync.sync('/a').then(() => done.push(`later ${n}`)))
    await turn()
    assert.equal(running.length, 1)
    running[0]?.resolve()
    await first
    await turn()
    assert.deepEqual(done, ['first'])
    assert.equal(running.length, 2)
    running[1]?.resolve()
    await Promise.all(later)
    assert.equal(done.length, 4)
    const alone = sync.sync('/a')
    await turn()
    assert.equal(running.length, 3)
    running[2]?.resolve()
    await alone
  })

  it('fails those who waited for the failed one, not those of the next', async () => {
    const { sync, running, turn } = createGated()
    const first = sync.sync('/a')
    const firstFails = assert.rejects(first, /EIO/)
    await turn()
    const second = sync.sync('/a')
    running[0]?.reject(new Error('EIO'))
    await firstFails
    await turn()
    running[1]?.resolve()
    await second
  })

  it('keeps folders apart', async () => {
    const { sync, running, turn } = createGated()
    const both = [sync.sync('/a'), sync.sync('/b')]
    await turn()
    assert.equal(running.length, 2)
    for (const gate of running) gate.resolve()
    await Promise.all(both)
  })
})
