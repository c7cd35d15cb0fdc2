import assert from 'node:assert/strict'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { createSeededRandom, createTemporaryFolder, createTestLogger } from '@cairn/testing'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'
import { lockFolder } from './folder-lock.ts'
import { listenAsGuard } from './guard-socket.ts'
import { identifyThisProcess, isAlive, isRunning } from './process-identity.ts'

const tools = (seed: number) => ({ random: createSeededRandom(seed), logger: createTestLogger().logger })

const inUse = (error: unknown) => error instanceof EmbeddedPostgresError && error.code === 'in_use'

const linux = { skip: process.platform === 'linux' ? false : 'needs /proc' }

test('a folder is locked once, and free again after release', async () => {
  await using home = await createTemporaryFolder('lock')
  const lock = await lockFolder(home.path, tools(1))
  await assert.rejects(lockFolder(home.path, tools(2)), inUse)
  await lock.release()
  const again = await lockFolder(home.path, tools(3))
  await again.release()
  assert.deepEqual(await readdir(join(home.path, 'locks')), [])
})

test('of two that start at once never both get it', async () => {
  for (let round = 0; round < 10; round += 1) {
    await using home = await createTemporaryFolder('lock')
    const results = await Promise.allSettled([lockFolder(home.path, tools(1)), lockFolder(home.path, tools(2))])
    const won = results.filter(({ status }) => status === 'fulfilled')
    assert.ok(won.length <= 1)
    for (const result of results) if (result.status === 'fulfilled') await result.value.release()
  }
})

test('claims of processes that have ended, or whose number was given to another, are cleared', async () => {
  await using home = await createTemporaryFolder('lock')
  await (await lockFolder(home.path, tools(1))).release()
  const self = await identifyThisProcess()
  const claims = [{ ...self, pid: 2 ** 22 + 1 }, { ...self, started: 'long ago' }, 'torn']
  for (const [n, claim] of claims.entries()) {
    const text = typeof claim === 'string' ? claim : JSON.stringify(claim)
    await writeFile(join(home.path, 'locks', `old-${n}.json`), text)
  }
  const lock = await lockFolder(home.path, tools(2))
  assert.deepEqual(
    (await readdir(join(home.path, 'locks'))).filter((name) => name.startsWith('old')),
    []
  )
  await lock.release()
})

test('a claim from another container counts for as long as its guard socket answers', linux, async () => {
  await using home = await createTemporaryFolder('lock')
  await (await lockFolder(home.path, tools(1))).release()
  const claims = join(home.path, 'locks')
  const foreign = { ...(await identifyThisProcess()), table: 'another container' }
  await writeFile(join(claims, 'foreign.json'), JSON.stringify(foreign))
  const guard = await listenAsGuard(claims, 'foreign.sock')
  await assert.rejects(lockFolder(home.path, tools(2)), inUse)
  await guard?.close()
  await (await lockFolder(home.path, tools(3))).release()
})

test('a process is known by its number and its start', async () => {
  const self = await identifyThisProcess()
  assert.equal(await isRunning(self), true)
  assert.equal(await isRunning({ ...self, pid: 2 ** 22 + 1 }), false)
  assert.equal(await isRunning({ ...self, table: 'elsewhere' }), undefined)
  assert.equal(await isAlive(process.pid), true)
})
