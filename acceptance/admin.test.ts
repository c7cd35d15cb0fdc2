import assert from 'node:assert/strict'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { createUser } from './_api.ts'
import { testCoverage } from './_coverage.ts'
import { expectProblem, expectStatus } from './_http.ts'
import { noise } from './_seed.ts'
import { foreign } from './_server.ts'
import { waitFor } from './_wait.ts'
import { createWorld } from './_world.ts'

const { server, admin } = await createWorld()
const RUNS = '/v1/admin/storage/doctor/runs'

interface Run {
  readonly id: string
  readonly state: string
  readonly level: number
  readonly finishedAt: string | null
  readonly progress: Readonly<Record<string, number>>
  readonly findings: readonly { readonly code: string }[]
}

const examine = async (level: number): Promise<Run> => {
  const { id } = expectStatus(await admin.post(RUNS, { level }), 202).json<Run>()
  return await waitFor('the examination ends', async () => {
    const run = expectStatus(await admin.get(`${RUNS}/${id}`), 200).json<Run>()
    return run.state !== 'running' && run
  })
}

test('an examination runs in the background and tells how far it is', async () => {
  const user = await createUser(admin)
  await user.store('a.bin', noise('doctor', 500_000))
  const run = await examine(3)
  assert.equal(run.state, 'done')
  assert.equal(run.level, 3)
  assert.deepEqual(run.findings, [])
  const { vaults = 0, vaultsDone, packs = 0, packsDone, bytesRead = 0, total } = run.progress
  assert.deepEqual([vaultsDone, packsDone, total], [vaults, packs, 0])
  assert.ok(packs > 0 && bytesRead > 500_000)
  assert.ok(run.finishedAt !== null)
  const { items } = expectStatus(await admin.get(RUNS), 200).json<{ items: Run[] }>()
  assert.equal(items[0]?.id, run.id)
  expectStatus(await admin.delete(`${RUNS}/${run.id}`), 204)
  assert.equal((await admin.get(`${RUNS}/${run.id}`)).json<Run>().state, 'done')
})

test('of examinations asked for at once one runs', async () => {
  const replies = await Promise.all(Array.from({ length: 8 }, () => admin.post(RUNS, { level: 3 })))
  const started = replies.filter(({ status }) => status === 202)
  assert.ok(started.length >= 1)
  for (const reply of replies) if (reply.status !== 202) expectProblem(reply, 409, 'conflict')
  const { id } = started[0]?.json<Run>() ?? { id: '' }
  await waitFor('it ends', async () => (await admin.get(`${RUNS}/${id}`)).json<Run>().state !== 'running')
  expectProblem(await admin.post(RUNS, { level: 4 }), 400, 'invalid_request')
})

test('an examination finds what is lost', { skip: foreign !== undefined }, async () => {
  const user = await createUser(admin)
  await user.store('lost.bin', noise('lost', 300_000))
  const root = join(server.dataFolder ?? '', 'blobs', 'v1')
  const mine = (await readdir(root, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => path.includes(user.id.replaceAll('-', '')))
  assert.ok(mine.length > 0)
  for (const path of mine) await rm(path)
  const run = await examine(1)
  assert.ok(run.findings.some(({ code }) => code === 'pack_lost'))
  assert.equal(run.progress['total'], run.findings.length)
})

test('figures of storage tell what deduplication and compression save', async () => {
  interface Stats {
    readonly versions: number
    readonly logicalBytes: number
    readonly plainBytes: number
    readonly storedBytes: number
    readonly suspectChunks: number
    readonly collection: { readonly running: boolean; readonly nextAt: string; readonly lastFinishedAt: string | null }
  }
  const stats = async () => expectStatus(await admin.get('/v1/admin/storage/stats'), 200).json<Stats>()
  const before = await stats()
  const user = await createUser(admin)
  const text = Buffer.from('all work and no play makes jack a dull boy\n'.repeat(20_000))
  for (const name of ['one.txt', 'two.txt', 'three.txt']) await user.store(name, text)
  const after = await stats()
  assert.equal(after.versions - before.versions, 3)
  assert.equal(after.logicalBytes - before.logicalBytes, 3 * text.length)
  assert.equal(after.plainBytes - before.plainBytes, text.length)
  assert.ok((after.storedBytes - before.storedBytes) * 4 < text.length)
  assert.ok(Date.parse(after.collection.nextAt) > Date.now())
  expectStatus(await admin.post('/v1/admin/storage/gc'), 200)
  const collected = (await stats()).collection
  assert.equal(collected.running, false)
  assert.ok(Date.now() - Date.parse(collected.lastFinishedAt ?? '') < 60_000)
})

test('queues run empty by themselves, and there is nothing to replay', async () => {
  interface Queues {
    readonly subscriptions: readonly { readonly name: string; readonly waiting: number; readonly dead: number }[]
    readonly outboxes: readonly { readonly name: string; readonly waiting: number; readonly oldestAt: string | null }[]
    readonly deadLetters: number
  }
  const queues = await waitFor('everything is handled', async () => {
    const found = expectStatus(await admin.get('/v1/admin/queues'), 200).json<Queues>()
    return [...found.subscriptions, ...found.outboxes].every(({ waiting }) => waiting === 0) && found
  })
  const names = queues.subscriptions.map(({ name }) => name)
  assert.ok(names.includes('storage.release-references'))
  assert.ok(names.includes('preview.forget-versions'))
  assert.deepEqual(queues.outboxes.map(({ name }) => name).sort(), ['auth', 'metadata'])
  assert.equal(queues.deadLetters, 0)
  const replayed = expectStatus(await admin.post('/v1/admin/dead-letters/replay', {}), 200)
  assert.deepEqual(replayed.json(), { replayed: 0 })
})

testCoverage(import.meta.filename, server)
