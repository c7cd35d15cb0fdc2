import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Client, createUser, type Node, type Page, type User } from './_api.ts'
import { testCoverage } from './_coverage.ts'
import { expectProblem, expectStatus } from './_http.ts'
import { noise, noiseStream, sha256 } from './_seed.ts'
import { tusCreate, tusHead, tusMetadata, tusOffset, tusPatch, tusPost } from './_tus.ts'
import { waitFor } from './_wait.ts'
import { createWorld } from './_world.ts'

const { server, admin } = await createWorld()
const P = '/v1/drives/personal'
const KIB = 1024

interface Quota {
  readonly userId: string
  readonly used: number
  readonly limit: number
  readonly custom: boolean
}

const setLimit = async (user: User, limit: number | null): Promise<Quota> => {
  const path = `/v1/admin/users/${user.id}/quota`
  const set = expectStatus(await admin.send({ method: 'PUT', path, json: { limit } }), 200).json<Quota>()
  assert.deepEqual(expectStatus(await admin.get(path), 200).json(), set)
  return set
}

const limited = async (limit: number): Promise<User> => {
  const user = await createUser(admin)
  await setLimit(user, limit)
  return user
}

const used = async (user: User): Promise<number> => (await user.drive()).quota.used

/** What the account holds by adding up every version of every file, the trash included. */
const recount = async (user: User, folder?: string): Promise<number> => {
  let total = 0
  const nodes = await user.children(folder ?? (await user.drive()).rootId)
  for (const node of nodes)
    total += node.kind === 'folder' ? await recount(user, node.id) : await versionBytes(user, node)
  return total
}

const versionBytes = async (client: Client, node: Node): Promise<number> => {
  const page = expectStatus(await client.get(`${P}/nodes/${node.id}/versions?limit=1000`), 200)
  return page.json<Page<{ size: number }>>().items.reduce((sum, { size }) => sum + size, 0)
}

test('limits are set, shown and reset by administrators', async () => {
  const user = await createUser(admin)
  assert.equal((await user.drive()).quota.limit, 0)
  assert.deepEqual(await setLimit(user, 5000), { userId: user.id, used: 0, limit: 5000, custom: true })
  assert.equal((await user.drive()).quota.limit, 5000)
  const { items } = expectStatus(await admin.get('/v1/admin/quotas?limit=1000'), 200).json<Page<Quota>>()
  assert.equal(items.find(({ userId }) => userId === user.id)?.limit, 5000)
  assert.equal((await setLimit(user, null)).custom, false)
  for (const limit of [-1, 1.5, '5', 2 ** 60]) {
    expectProblem(await admin.send({ method: 'PUT', path: `/v1/admin/users/${user.id}/quota`, json: { limit } }), 400)
  }
})

test('every door refuses what does not fit, with 507, before or without making it visible', async () => {
  const user = await limited(100 * KIB)
  const old = await user.store('old.bin', noise('old', 60 * KIB))
  expectProblem(await user.put(`${P}/files/declared.bin`, noise('x', 41 * KIB)), 507, 'quota_exceeded')
  const streamed = await user.put(`${P}/files/streamed.bin`, noiseStream('x', 5000 * KIB))
  expectProblem(streamed, streamed.status === 413 ? 413 : 507)
  const tus = await tusPost(user, {
    'upload-length': 41 * KIB,
    'upload-metadata': tusMetadata({ filename: 'tus.bin' })
  })
  expectProblem(tus, 507, 'quota_exceeded')
  expectProblem(await user.put(`${P}/nodes/${old.id}/content`, noise('v', 41 * KIB)), 507)
  const { rootId } = await user.drive()
  expectProblem(await user.post(`${P}/nodes/${old.id}/copy`, { parentId: rootId, name: 'copy' }), 507, 'quota_exceeded')
  const edited = await user.store('old.bin', noise('new', 30 * KIB))
  expectProblem(await user.post(`${P}/nodes/${old.id}/versions/${old.versionId}/restore`), 507, 'quota_exceeded')
  assert.equal(edited.id, old.id)
  assert.deepEqual(
    (await user.children(rootId)).map(({ name }) => name),
    ['old.bin']
  )
  assert.equal(await used(user), 90 * KIB)
  await user.store('fits.bin', noise('fits', 10 * KIB))
  expectProblem(await user.put(`${P}/files/one-byte.bin`, 'x'), 507)
})

test('an upload over quota keeps its bytes and is finished once there is room', async () => {
  const user = await limited(100 * KIB)
  const content = noise('kept', 80 * KIB)
  const path = await tusCreate(user, content.length, { filename: 'kept.bin' })
  expectStatus(await tusPatch(user, path, { offset: 0, body: content.subarray(0, 50 * KIB) }), 204)
  const blocker = await user.store('blocker.bin', noise('blocker', 40 * KIB))
  expectProblem(
    await tusPatch(user, path, { offset: 50 * KIB, body: content.subarray(50 * KIB) }),
    507,
    'quota_exceeded'
  )
  assert.equal((await tusHead(user, path)).status, 507, 'HEAD does not claim success')
  expectProblem(await user.post(`${path}/commit`), 507)
  expectProblem(await user.get(`${P}/files/kept.bin`), 404)

  expectStatus(await user.delete(`${P}/nodes/${blocker.id}`), 204)
  expectStatus(await user.delete(`${P}/trash`), 204)
  await waitFor('there is room', async () => (await used(user)) === 0)
  const done = expectStatus(await user.post(`${path}/commit`), 200).json<{ nodeId: string }>()
  assert.equal(await tusOffset(user, path), content.length)
  assert.equal(expectStatus(await user.post(`${path}/commit`), 200).json<{ nodeId: string }>().nodeId, done.nodeId)
  assert.equal(sha256(await user.read('kept.bin')), sha256(content))
})

test('SEC-050 parallel uploads by every door never pass the limit together, and what is used adds up', async () => {
  const limit = 1000 * KIB
  const user = await limited(limit)
  const each = Math.floor(limit * 0.3)
  const seed = await user.store('seed.bin', noise('seed', 10 * KIB))
  const { rootId } = await user.drive()
  const put = (index: number) => user.put(`${P}/files/put-${index}.bin`, noise(`p${index}`, each))
  const tus = (index: number) => {
    const headers = {
      'upload-length': each,
      'content-type': 'application/offset+octet-stream',
      'upload-metadata': tusMetadata({ filename: `tus-${index}.bin` })
    }
    return tusPost(user, headers, noise(`t${index}`, each))
  }
  const version = (index: number) => user.put(`${P}/nodes/${seed.id}/content`, noise(`v${index}`, each))
  const lie = (index: number) => user.put(`${P}/files/lie-${index}.bin`, noiseStream(`l${index}`, each))
  const copy = (index: number) => user.post(`${P}/nodes/${seed.id}/copy`, { parentId: rootId, name: `copy-${index}` })
  const doors = [put, tus, version, lie, copy]
  const replies = await Promise.all(Array.from({ length: 50 }, (_, index) => doors[index % doors.length]?.(index)))
  for (const reply of replies) {
    if (reply === undefined || reply.status < 300) continue
    expectProblem(reply, reply.status === 413 ? 413 : 507)
  }
  const accepted = replies.filter((reply) => reply !== undefined && reply.status < 300).length
  assert.ok(accepted >= 1)
  const total = await used(user)
  assert.ok(total <= limit, `${total} of ${limit}`)
  assert.equal(await recount(user), total)
})

test('FLT-059 used stays the sum of all sizes through copies, versions, trash and purge', async () => {
  const user = await createUser(admin)
  const { rootId } = await user.drive()
  const file = await user.store('a/b/file.bin', noise('f', 10_000))
  await user.store('a/b/file.bin', noise('f2', 5000))
  const [a] = await user.children(rootId)
  expectStatus(await user.post(`${P}/nodes/${a?.id}/copy`, { parentId: rootId, name: 'copy' }), 201)
  assert.equal(await used(user), await recount(user))
  assert.equal(await used(user), 20_000, 'a copy has the current version only')
  const page = (await user.get(`${P}/nodes/${file.id}/versions`)).json<Page<{ id: string; current: boolean }>>()
  const old = page.items.find(({ current }) => !current)
  expectStatus(await user.delete(`${P}/nodes/${file.id}/versions/${old?.id}`), 204)
  assert.equal(await used(user), 10_000)
  expectStatus(await user.delete(`${P}/nodes/${a?.id}`), 204)
  assert.equal(await used(user), 10_000)
  expectStatus(await user.delete(`${P}/trash/${a?.id}`), 204)
  await waitFor('the purge gives back', async () => (await used(user)) === 5000)
  assert.equal(await recount(user), 5000)
})

testCoverage(import.meta.filename, server)
