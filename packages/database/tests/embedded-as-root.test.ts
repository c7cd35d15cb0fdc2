import assert from 'node:assert/strict'
import { chmod, chown, cp, mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { createTemporaryFolder, createTestLogger } from '@cairn/testing'
import { chooseAccount } from '../src/embedded/account.ts'
import { locateBinaries } from '../src/embedded/binaries.ts'
import { EmbeddedPostgresError } from '../src/embedded/index.ts'
import { usableBinaries } from '../src/embedded/usable-binaries.ts'
import { ask, createEmbeddedWorld } from './_embedded.ts'

const root = { skip: process.getuid?.() === 0 ? false : 'needs root' }

test(
  'started by root, the server runs as an ordinary user who owns the database folder and nothing else',
  root,
  async () => {
    await using world = await createEmbeddedWorld()
    const server = await world.start()
    const processOwner = (await stat(`/proc/${server.pid}`)).uid
    assert.notEqual(processOwner, 0)
    assert.equal((await stat(world.folder)).uid, processOwner)
    assert.equal((await stat(join(world.folder, '..'))).uid, 0)
    assert.deepEqual(await ask(server.url, 'select 1 as one'), [{ one: 1 }])
  }
)

test('a folder on the way that the server’s user cannot enter is named, with what to do', root, async () => {
  await using world = await createEmbeddedWorld()
  const home = join(world.folder, '..')
  await chmod(home, 0o700)
  await assert.rejects(
    world.start(),
    (error) =>
      error instanceof EmbeddedPostgresError &&
      error.code === 'not_accessible' &&
      error.message.includes(`chmod o+x ${home}`)
  )
  await chmod(home, 0o755)
  assert.equal((await world.start()).state, 'ready')
})

test('the owner of an existing cluster stays the one the server runs as', root, async () => {
  await using home = await createTemporaryFolder('owner')
  const cluster = join(home.path, 'cluster')
  await mkdir(cluster)
  await chown(cluster, 4711, 4712)
  assert.deepEqual(await chooseAccount(cluster), { name: 'uid 4711', uid: 4711, gid: 4712 })
})

test(
  'programs without their library links, or out of reach, are completed or copied next to the data',
  root,
  async () => {
    await using home = await createTemporaryFolder('binaries')
    await chmod(home.path, 0o755)
    const installed = await locateBinaries()
    const bare = { ...installed, root: join(home.path, 'package', 'native') }
    await cp(installed.root, bare.root, { recursive: true, verbatimSymlinks: true })
    await rm(join(bare.root, 'lib', 'libpq.so.5'), { force: true })
    const account = { name: 'nobody', uid: 65534, gid: 65534 }
    const { logger } = createTestLogger()

    const completed = await usableBinaries(bare, { folder: home.path, account, logger })
    assert.equal(completed.root, bare.root)
    assert.ok((await readdir(join(bare.root, 'lib'))).includes('libpq.so.5'))

    await chmod(join(home.path, 'package'), 0o700)
    const copied = await usableBinaries(bare, { folder: home.path, account, logger })
    assert.notEqual(copied.root, bare.root)
    assert.equal((await stat(join(copied.root, 'bin', 'postgres'))).uid, 65534)
    const again = await usableBinaries(bare, { folder: home.path, account, logger })
    assert.equal(again.root, copied.root)
  }
)
