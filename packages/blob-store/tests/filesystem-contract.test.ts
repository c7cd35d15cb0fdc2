import { after } from 'node:test'
import { createSeededRandom, createTemporaryFolder } from '@cairn/testing'
import { describeBlobStore } from '../src/contract-suite.ts'
import { createFilesystemBlobStore } from '../src/filesystem/index.ts'
import { withFaults, withMetrics } from '../src/index.ts'

const folder = await createTemporaryFolder('blobs')
after(() => folder[Symbol.asyncDispose]())

describeBlobStore({
  name: 'filesystem blob store',
  open: () => createFilesystemBlobStore({ root: `${folder.path}/nested/root` })
})

describeBlobStore({
  name: 'filesystem blob store with one open handle',
  open: () => createFilesystemBlobStore({ root: `${folder.path}/one`, openHandles: 1 })
})

describeBlobStore({
  name: 'filesystem blob store behind its decorators',
  open: async () => {
    const store = await createFilesystemBlobStore({ root: `${folder.path}/decorated` })
    return withMetrics(withFaults(store, { faults: [], random: createSeededRandom(1) }), () => undefined)
  }
})
