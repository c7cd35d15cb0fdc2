import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { allPages, createUser, type Node, type Page } from './_api.ts'
import { testCoverage } from './_coverage.ts'
import { expectProblem, expectStatus } from './_http.ts'
import { waitFor } from './_wait.ts'
import { createWorld } from './_world.ts'

const { server, admin } = await createWorld()
const P = '/v1/drives/personal'

interface Version {
  readonly id: string
  readonly size: number
  readonly current: boolean
}
interface Trashed extends Node {
  readonly trashedPath: string
}

test('every overwrite is a version that can be read and brought back', async () => {
  const user = await createUser(admin)
  for (const text of ['one', 'second', 'the third']) await user.store('doc.txt', text)
  const { id } = await user.store('doc.txt', '4')
  const versions = await allPages<Version>(user, `${P}/nodes/${id}/versions?limit=2`)
  assert.deepEqual(
    versions.map(({ size, current }) => [size, current]),
    [
      [1, true],
      [9, false],
      [6, false],
      [3, false]
    ]
  )
  const [, , second, first] = versions
  const content = await user.get(`${P}/nodes/${id}/content?version=${second?.id}`)
  assert.equal(expectStatus(content, 200).text, 'second')

  const restored = expectStatus(await user.post(`${P}/nodes/${id}/versions/${second?.id}/restore`), 200).json<Node>()
  assert.equal(restored.size, 6)
  assert.equal((await user.read('doc.txt')).toString(), 'second')
  assert.equal((await allPages<Version>(user, `${P}/nodes/${id}/versions`)).length, 5, 'nothing is lost by a restore')

  expectStatus(await user.delete(`${P}/nodes/${id}/versions/${first?.id}`), 204)
  expectProblem(await user.get(`${P}/nodes/${id}/content?version=${first?.id}`), 404)
  expectProblem(await user.delete(`${P}/nodes/${id}/versions/${restored.versionId}`), 409, 'conflict')
  expectProblem(await user.get(`${P}/nodes/${id}/content?version=${randomUUID()}`), 404, 'not_found')
})

test('a version of one file is not a version of another', async () => {
  const user = await createUser(admin)
  const [a, b] = [await user.store('a.txt', 'a'), await user.store('b.txt', 'b')]
  expectProblem(await user.get(`${P}/nodes/${a.id}/content?version=${b.versionId}`), 404)
  expectProblem(await user.post(`${P}/nodes/${a.id}/versions/${b.versionId}/restore`), 404)
  expectProblem(await user.delete(`${P}/nodes/${a.id}/versions/${b.versionId}`), 404)
})

test('what is deleted waits in the trash and comes back where it was', async () => {
  const user = await createUser(admin)
  const file = await user.store('a/b/file.txt', 'content')
  const a = (await user.get(`${P}/resolve?path=/a`)).json<Node>()
  expectStatus(await user.delete(`${P}/nodes/${file.id}`), 204)
  expectProblem(await user.get(`${P}/nodes/${file.id}/content`), 404)
  expectProblem(await user.get(`${P}/files/a/b/file.txt`), 404)
  const { items } = expectStatus(await user.get(`${P}/trash`), 200).json<Page<Trashed>>()
  assert.deepEqual(
    items.map(({ id, trashedPath }) => [id, trashedPath]),
    [[file.id, 'a/b/file.txt']]
  )
  const back = expectStatus(await user.post(`${P}/trash/${file.id}/restore`), 200).json<Node>()
  assert.equal(back.parentId, file.parentId)
  assert.equal((await user.read('a/b/file.txt')).toString(), 'content')

  expectStatus(await user.delete(`${P}/nodes/${a.id}`), 204)
  for (const path of [`${P}/nodes/${file.id}`, `${P}/nodes/${file.id}/content`, `${P}/nodes/${file.id}/versions`]) {
    assert.ok([404, 410].includes((await user.get(path)).status), path)
  }
  assert.ok((await user.patch(`${P}/nodes/${file.id}`, { name: 'x' })).status >= 404)
  assert.ok((await user.post(`${P}/folders`, { parentId: a.id, name: 'x' })).status >= 404)
  expectStatus(await user.post(`${P}/trash/${a.id}/restore`), 200)
  assert.equal((await user.read('a/b/file.txt')).toString(), 'content')
})

test('restore beside a taken name, and to the nearest folder that is left', async () => {
  const user = await createUser(admin)
  const old = await user.store('x/name.txt', 'old')
  await user.delete(`${P}/nodes/${old.id}`)
  await user.store('x/name.txt', 'new')
  const beside = expectStatus(await user.post(`${P}/trash/${old.id}/restore`), 200).json<Node>()
  assert.equal(beside.name, 'name (2).txt')
  const x = (await user.get(`${P}/resolve?path=/x`)).json<Node>()
  await user.delete(`${P}/nodes/${old.id}`)
  await user.delete(`${P}/nodes/${x.id}`)
  const up = expectStatus(await user.post(`${P}/trash/${old.id}/restore`), 200).json<Node>()
  assert.equal(up.parentId, (await user.drive()).rootId)
})

test('purged is gone for good and gives its bytes back', async () => {
  const user = await createUser(admin)
  const kept = await user.store('kept.txt', 'k'.repeat(100))
  for (let index = 0; index < 5; index += 1) await user.store(`folder/${index}.txt`, 'x'.repeat(1000))
  const folder = (await user.get(`${P}/resolve?path=/folder`)).json<Node>()
  const used = async () => (await user.drive()).quota.used
  assert.equal(await used(), 5100)
  expectProblem(await user.delete(`${P}/trash/${kept.id}`), 404, 'not_found')
  expectStatus(await user.delete(`${P}/nodes/${folder.id}`), 204)
  assert.equal(await used(), 5100, 'the trash counts')
  expectStatus(await user.delete(`${P}/trash/${folder.id}`), 204)
  expectProblem(await user.post(`${P}/trash/${folder.id}/restore`), 404)
  await waitFor('the bytes are given back', async () => (await used()) === 100)

  expectStatus(await user.delete(`${P}/nodes/${kept.id}`), 204)
  expectStatus(await user.delete(`${P}/trash`), 204)
  assert.deepEqual((await user.get(`${P}/trash`)).json<Page<Trashed>>().items, [])
  await waitFor('nothing is used any more', async () => (await used()) === 0)
})

test('what nobody references is collected, what is referenced stays', async () => {
  const user = await createUser(admin)
  const content = Buffer.from('kept '.repeat(20_000))
  await user.store('keep.bin', content)
  const gone = await user.store('gone.bin', Buffer.alloc(100_000, 7))
  await user.delete(`${P}/nodes/${gone.id}`)
  await user.delete(`${P}/trash`)
  await waitFor('the purge is through', async () => (await user.drive()).quota.used === content.length)
  for (let round = 0; round < 3; round += 1) {
    expectStatus(await admin.post('/v1/admin/storage/gc'), 200)
    assert.deepEqual(await user.read('keep.bin'), content)
  }
  const report = expectStatus(await admin.post('/v1/admin/storage/doctor', { level: 3 }), 200)
  assert.deepEqual(report.json<{ findings: object[] }>().findings, [])
  expectStatus(await admin.get('/v1/admin/storage/stats'), 200)
})

testCoverage(import.meta.filename, server)
