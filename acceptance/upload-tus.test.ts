import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { Upload } from 'tus-js-client'
import { createUser, type Node } from './_api.ts'
import { testCoverage } from './_coverage.ts'
import { expectProblem, expectStatus } from './_http.ts'
import { noise, sha256 } from './_seed.ts'
import { foreign } from './_server.ts'
import {
  OCTETS,
  TUS,
  tusCreate,
  tusDelete,
  tusHead,
  tusMetadata,
  tusOffset,
  tusPatch,
  tusPost,
  UPLOADS
} from './_tus.ts'
import { clientUpload } from './_tus-client.ts'
import { waitFor } from './_wait.ts'
import { createWorld } from './_world.ts'

const { server, admin } = await createWorld()
const P = '/v1/drives/personal'
const MIB = 1024 * 1024

interface Status {
  readonly id: string
  readonly state: string
  readonly offset: number
  readonly length: number | null
  readonly nodeId: string | null
}

test('OPTIONS says what is spoken, to anybody', async () => {
  const reply = expectStatus(
    await createUser(admin).then((user) => user.send({ method: 'OPTIONS', path: UPLOADS })),
    204
  )
  assert.equal(reply.headers['tus-version'], '1.0.0')
  const extensions = String(reply.headers['tus-extension']).split(',')
  for (const wanted of [
    'creation',
    'creation-with-upload',
    'creation-defer-length',
    'termination',
    'checksum',
    'expiration',
    'concatenation'
  ]) {
    assert.ok(extensions.includes(wanted), wanted)
  }
  assert.ok(Number(reply.headers['tus-max-size']) > 0)
  assert.match(String(reply.headers['tus-checksum-algorithm']), /sha1/)
})

test('tus-js-client: whole, in chunks, with data in the creation, with deferred length, in parallel', async () => {
  const user = await createUser(admin)
  const ways = {
    whole: {},
    chunks: { chunkSize: 700_001 },
    creation: { uploadDataDuringCreation: true },
    deferred: { uploadLengthDeferred: true, chunkSize: MIB },
    parallel: { parallelUploads: 3 },
    override: { overridePatchMethod: true, chunkSize: 2 * MIB }
  }
  for (const [name, options] of Object.entries(ways)) {
    const content = noise(`way ${name}`, 5 * MIB + 321)
    const { upload, done } = clientUpload(user, content, { ...options, metadata: { filename: `${name}.bin` } })
    upload.start()
    await done
    assert.equal(sha256(await user.read(`${name}.bin`)), sha256(content), name)
  }
})

test('tus-js-client: pause, find the upload again, resume, from another credential of the user', async () => {
  const user = await createUser(admin)
  const content = noise('paused', 12 * MIB)
  const { promise: paused, resolve } = Promise.withResolvers<void>()
  const { upload } = clientUpload(user, content, {
    metadata: { relativePath: 'deep/er/paused.bin', filename: 'paused.bin' },
    chunkSize: MIB,
    onChunkComplete: (_size, accepted) => {
      if (accepted < 4 * MIB) return
      void upload.abort().then(resolve)
    }
  })
  upload.start()
  await paused
  const { items } = expectStatus(await user.get(`${UPLOADS}?state=active`), 200).json<{ items: Status[] }>()
  assert.equal(items.length, 1)
  const id = items[0]?.id ?? ''
  const status = expectStatus(await user.get(`${UPLOADS}/${id}/status`), 200).json<Status>()
  assert.ok(status.offset >= 4 * MIB && status.offset < content.length)
  assert.deepEqual([status.length, status.state], [content.length, 'open'])
  expectProblem(await user.get(`${P}/files/deep/er/paused.bin`), 404)

  const phone = clientUpload(user, content, {
    uploadUrl: `${server.url}${UPLOADS}/${id}`,
    headers: { authorization: `Bearer ${(await user.appPassword()).secret}` }
  })
  phone.upload.start()
  await phone.done
  assert.equal(sha256(await user.read('deep/er/paused.bin')), sha256(content))
})

test('tus-js-client: termination', async () => {
  const user = await createUser(admin)
  const path = await tusCreate(user, 100, { filename: 'never.bin' })
  await Upload.terminate(`${server.url}${path}`, { headers: { authorization: user.authorization ?? '' } })
  expectStatus(await tusHead(user, path), 404, 410)
})

test('by hand: create, append, ask, finish; the answers name the node', async () => {
  const user = await createUser(admin)
  const content = noise('by hand', 10_000)
  const path = await tusCreate(user, content.length, { filename: 'hand.bin', mtime: '2021-01-02T03:04:05.000Z' })
  assert.match(path, /^\/v1\/uploads\/[0-9a-f-]{36}$/)
  const first = expectStatus(await tusPatch(user, path, { offset: 0, body: content.subarray(0, 4000) }), 204)
  assert.equal(first.headers['upload-offset'], '4000')
  assert.ok(first.headers['upload-expires'])
  const head = expectStatus(await tusHead(user, path), 200)
  assert.deepEqual([head.headers['upload-offset'], head.headers['upload-length']], ['4000', '10000'])
  assert.equal(head.headers['cache-control'], 'no-store')
  const last = expectStatus(await tusPatch(user, path, { offset: 4000, body: content.subarray(4000) }), 204)
  const node = expectStatus(await user.get(`${P}/nodes/${last.headers['cairn-node-id']}`), 200).json<Node>()
  assert.deepEqual(
    [node.name, node.versionId, node.mtime],
    ['hand.bin', last.headers['cairn-version-id'], '2021-01-02T03:04:05.000Z']
  )
  assert.equal(await tusOffset(user, path), 10_000, 'a finished upload still answers')
  expectStatus(await tusDelete(user, path), 204, 404, 410)
  assert.equal(sha256(await user.read('hand.bin')), sha256(content), 'and ending it keeps the file')
})

test('SEC-051 an empty upload is a file at once', async () => {
  const user = await createUser(admin)
  const reply = expectStatus(
    await tusPost(user, { 'upload-length': 0, 'upload-metadata': tusMetadata({ filename: 'empty.bin' }) }),
    201
  )
  assert.ok(reply.headers['cairn-node-id'])
  assert.equal((await user.read('empty.bin')).length, 0)
  for (const size of [1, 4 * MIB - 1, 4 * MIB, 4 * MIB + 1]) {
    const content = noise(`tus ${size}`, size)
    const path = await tusCreate(user, size, { filename: `${size}.bin` })
    for (let offset = 0; offset < size; ) {
      const step = Math.max(1, Math.ceil(size / 3))
      const reply = await tusPatch(user, path, { offset, body: content.subarray(offset, offset + step) })
      const next = Number(expectStatus(reply, 204).headers['upload-offset'])
      assert.equal(next, Math.min(size, offset + step))
      offset = next
    }
    assert.equal(sha256(await user.read(`${size}.bin`)), sha256(content))
  }
})

test('checksums are verified before anything counts', async () => {
  const user = await createUser(admin)
  const content = noise('checksum', 50_000)
  const path = await tusCreate(user, content.length, { filename: 'sum.bin' })
  for (const algorithm of ['sha1', 'md5', 'sha256']) {
    const offset = await tusOffset(user, path)
    const body = content.subarray(offset, offset + 15_000)
    const headers = { 'upload-checksum': `${algorithm} ${createHash(algorithm).update(body).digest('base64')}` }
    expectStatus(await tusPatch(user, path, { offset, body, headers }), 204)
  }
  expectStatus(await tusPatch(user, path, { offset: 45_000, body: content.subarray(45_000) }), 204)
  assert.equal(sha256(await user.read('sum.bin')), sha256(content))
})

test('parts uploaded side by side become one file', async () => {
  const user = await createUser(admin)
  const content = noise('parts', 3 * MIB)
  const parts: string[] = []
  for (let index = 0; index < 3; index += 1) {
    const created = await tusPost(user, { 'upload-length': MIB, 'upload-concat': 'partial' })
    const path = String(expectStatus(created, 201).headers.location)
    parts.push(path)
    expectStatus(await tusPatch(user, path, { offset: 0, body: content.subarray(index * MIB, (index + 1) * MIB) }), 204)
  }
  const headers = {
    'upload-concat': `final;${parts.join(' ')}`,
    'upload-metadata': tusMetadata({ filename: 'joined.bin' })
  }
  const final = expectStatus(await tusPost(user, headers), 201)
  assert.equal(sha256(await user.read('joined.bin')), sha256(content))
  expectProblem(await tusPatch(user, String(final.headers.location), { offset: 0, body: 'x' }), 403, undefined)
})

test('a new version by node id, a conflict as asked', async () => {
  const user = await createUser(admin)
  const node = await user.store('doc.txt', 'first')
  const upload = async (metadata: Record<string, string>, text: string) => {
    const headers = { 'upload-length': text.length, 'content-type': OCTETS, 'upload-metadata': tusMetadata(metadata) }
    return await tusPost(user, headers, text)
  }
  const version = expectStatus(await upload({ nodeId: node.id }, 'second'), 201)
  assert.equal(version.headers['cairn-node-id'], node.id)
  assert.equal((await user.read('doc.txt')).toString(), 'second')
  expectProblem(await upload({ filename: 'doc.txt', onConflict: 'fail' }, 'no'), 409, 'name_taken')
  expectStatus(await upload({ filename: 'doc.txt', onConflict: 'rename' }, 'beside'), 201)
  assert.equal((await user.read('doc (2).txt')).toString(), 'beside')
})

test('clients that can only POST override the method', async () => {
  const user = await createUser(admin)
  const path = await tusCreate(user, 4, { filename: 'override.bin' })
  const post = (method: string, headers = {}, body?: string) =>
    user.send({ method: 'POST', path, headers: { ...TUS, 'x-http-method-override': method, ...headers }, body })
  expectStatus(await post('PATCH', { 'upload-offset': 0, 'content-type': OCTETS }, 'ab'), 204)
  assert.equal(expectStatus(await post('HEAD'), 200).headers['upload-offset'], '2')
  expectStatus(await post('DELETE'), 204)
  expectStatus(await tusHead(user, path), 404, 410)
})

testCoverage(import.meta.filename, server)

test('tus-js-client: the server is killed under it, comes back, and it goes on', { skip: foreign }, async () => {
  const user = await createUser(admin)
  const content = noise('killed', 24 * MIB)
  let acknowledged = 0
  const { promise: underway, resolve } = Promise.withResolvers<void>()
  const { upload, done } = clientUpload(user, content, {
    metadata: { filename: 'killed.bin' },
    chunkSize: 2 * MIB,
    onChunkComplete: (_size, accepted) => {
      acknowledged = accepted
      if (accepted >= 6 * MIB) resolve()
    }
  })
  upload.start()
  await underway
  await server.kill()
  const promised = acknowledged
  await server.start()
  const path = new URL(upload.url ?? '').pathname
  const offset = await tusOffset(user, path)
  assert.ok(offset >= promised, `${promised} bytes were acknowledged, ${offset} are there`)
  await done
  assert.equal(sha256(await user.read('killed.bin')), sha256(content))
  await waitFor(
    'nothing stays open',
    async () => (await user.get(`${UPLOADS}?state=active`)).json<{ items: object[] }>().items.length === 0
  )
})
