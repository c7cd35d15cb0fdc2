import { after } from 'node:test'
import { createTemporaryFolder } from '@cairn/testing'
import { describeBlobStore } from '../src/contract-suite.ts'
import { createFilesystemBlobStore } from '../src/filesystem/index.ts'

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
