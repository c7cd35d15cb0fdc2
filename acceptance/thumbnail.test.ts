import assert from 'node:assert/strict'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { Client, createUser, type Node } from './_api.ts'
import { testCoverage } from './_coverage.ts'
import { expectProblem, expectStatus } from './_http.ts'
import { png, webpSize } from './_picture.ts'
import { foreign } from './_server.ts'
import { waitFor } from './_wait.ts'
import { createWorld } from './_world.ts'

const { server, admin } = await createWorld()
const P = '/v1/drives/personal'
const thumb = (node: Node, query = ''): string => `${P}/nodes/${node.id}/thumbnail${query}`

/** The files under `v1/preview` of the server's own blob store. */
const keptObjects = async (): Promise<string[]> => {
  const root = join(server.dataFolder ?? '', 'blobs')
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => /[/\\]preview[/\\]/.test(path))
}

test('a picture has thumbnails that fit, whatever it is called', async () => {
  const user = await createUser(admin)
  const node = await user.store('holiday.txt', png(640, 320))
  for (const [query, size] of [
    ['?size=64', [64, 32]],
    ['', [256, 128]],
    ['?size=256', [256, 128]],
    ['?size=1024', [640, 320]]
  ] as const) {
    const reply = expectStatus(await user.get(thumb(node, query)), 200)
    assert.equal(reply.headers['content-type'], 'image/webp')
    assert.deepEqual(webpSize(reply.bytes), size)
    assert.match(String(reply.headers['content-security-policy']), /sandbox/)
    assert.equal(reply.headers['x-content-type-options'], 'nosniff')
  }
  for (const query of ['?size=257', '?size=0', '?size=x', '?width=64']) {
    expectProblem(await user.get(thumb(node, query)), 400, 'invalid_request')
  }
})

test('a version’s thumbnail may be kept by the browser, the current one is asked for again', async () => {
  const user = await createUser(admin)
  const first = await user.store('p.png', png(100, 100))
  const pinned = await user.get(thumb(first, `?size=64&version=${first.versionId}`))
  assert.equal(pinned.headers['cache-control'], 'private, max-age=604800, immutable')
  const current = await user.get(thumb(first, '?size=64'))
  assert.equal(current.headers['cache-control'], 'private, no-cache')
  const headers = { 'if-none-match': String(current.headers['etag']) }
  assert.equal((await user.get(thumb(first, '?size=64'), { headers })).status, 304)
  await user.store('p.png', png(100, 50))
  const changed = expectStatus(await user.get(thumb(first, '?size=64'), { headers }), 200)
  assert.deepEqual(webpSize(changed.bytes), [64, 32])
  const old = await user.get(thumb(first, `?size=64&version=${first.versionId}`))
  assert.deepEqual(webpSize(expectStatus(old, 200).bytes), [64, 64])
})

test('SEC-015 who may not read a file sees no thumbnail of it, not even that it is unchanged', async () => {
  const user = await createUser(admin)
  const node = await user.store('secret.png', png(50, 50))
  const reply = expectStatus(await user.get(thumb(node, '?size=64')), 200)
  const headers = { 'if-none-match': String(reply.headers['etag']) }
  const stranger = await createUser(admin)
  for (const path of [thumb(node), `/v1/drives/${node.driveId}/nodes/${node.id}/thumbnail?size=64`]) {
    expectProblem(await stranger.get(path, { headers }), 404, 'not_found')
    expectProblem(await new Client(server.url).get(path, { headers }), 401)
  }
  expectStatus(await user.delete(`${P}/nodes/${node.id}`), 204)
  expectProblem(await user.get(thumb(node, '?size=64'), { headers }), 404, 'not_found')
})

test('SEC-066 what is no picture, or a bomb, is refused for good and hurts nobody', async () => {
  const user = await createUser(admin)
  const cases: [string, string | Buffer, string][] = [
    ['text.png', 'not a picture', 'format'],
    ['page.html', '<html><svg onload="alert(1)"></svg></html>', 'format'],
    ['bomb.png', png(10, 10, [50_000, 50_000]), 'too_large'],
    ['cut.png', png(300, 300).subarray(0, 150), 'damaged'],
    ['empty.png', '', 'format']
  ]
  for (const [name, content, reason] of cases) {
    const node = await user.store(name, content)
    for (let round = 0; round < 2; round += 1) {
      const problem = expectProblem(await user.get(thumb(node)), 415, 'no_preview')
      assert.equal(problem['reason'], reason, name)
    }
  }
  const folder = await user.folder('folder')
  expectProblem(await user.get(thumb(folder)), 409, 'not_a_file')
  const good = await user.store('good.png', png(20, 20))
  expectStatus(await user.get(thumb(good)), 200)
})

test('SEC-057 a drawing with a script comes as a picture', async () => {
  const user = await createUser(admin)
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20" onload="alert(1)"><script>alert(1)</script></svg>'
  const reply = expectStatus(await user.get(thumb(await user.store('x.svg', svg))), 200)
  assert.deepEqual(webpSize(reply.bytes), [256, 128])
  assert.doesNotMatch(reply.bytes.toString('latin1'), /script|alert/)
})

test('many at once are made or put off, never failed', async () => {
  const user = await createUser(admin)
  const nodes = await Promise.all(
    Array.from({ length: 40 }, (_, index) => user.store(`${index}.png`, png(200, 10 + index)))
  )
  const replies = await Promise.all(nodes.map((node) => user.get(thumb(node, '?size=64'))))
  for (const reply of replies) assert.ok([200, 503].includes(reply.status), reply.text)
  assert.ok(replies.some(({ status }) => status === 200))
})

test('kept thumbnails are sealed, survive damage, and go with the last version', {
  skip: foreign !== undefined
}, async () => {
  const user = await createUser(admin)
  const before = new Set(await keptObjects())
  const node = await user.store('mine.png', png(300, 200))
  const made = expectStatus(await user.get(thumb(node, '?size=256')), 200).bytes
  const kept = (await keptObjects()).filter((path) => !before.has(path))
  assert.equal(kept.length, 1)
  const [path = ''] = kept
  const sealed = await readFile(path)
  assert.equal(sealed.indexOf('WEBP'), -1)
  assert.deepEqual(expectStatus(await user.get(thumb(node, '?size=256')), 200).bytes, made)
  sealed[20] = (sealed[20] ?? 0) ^ 1
  await writeFile(path, sealed)
  assert.deepEqual(expectStatus(await user.get(thumb(node, '?size=256')), 200).bytes, made)
  expectStatus(await user.delete(`${P}/nodes/${node.id}`), 204)
  expectStatus(await user.delete(`${P}/trash/${node.id}`), 204)
  await waitFor(
    'the thumbnail is gone',
    async () => (await keptObjects()).every((object) => before.has(object)),
    20_000
  )
})

testCoverage(import.meta.filename, server)
