import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { connect } from 'node:net'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { createUser, encodePath, type Node, type User } from './_api.ts'
import { testCoverage } from './_coverage.ts'
import { expectProblem, expectStatus } from './_http.ts'
import { noise, noiseHash, noiseStream, sha256 } from './_seed.ts'
import { waitFor } from './_wait.ts'
import { createWorld } from './_world.ts'

const { server, admin } = await createWorld()
const P = '/v1/drives/personal'
const MIB = 1024 * 1024

test('SEC-051 files of every awkward size come back as they were', async () => {
  const user = await createUser(admin)
  const edges = [256 * 1024, 1 * MIB, 4 * MIB].flatMap((size) => [size - 1, size, size + 1])
  for (const size of [0, 1, 15, 4096, ...edges, 9 * MIB + 17]) {
    const content = noise(`put ${size}`, size)
    const node = await user.store(`sizes/${size}.bin`, content)
    assert.equal(node.size, size)
    const back = await user.read(`sizes/${size}.bin`)
    assert.equal(sha256(back), sha256(content), `${size} bytes`)
  }
})

test('a stream of unknown length is stored as it comes', async () => {
  const user = await createUser(admin)
  const size = 24 * MIB + 5
  const node = await user.store('streamed.bin', noiseStream('stream', size))
  assert.equal(node.size, size)
  assert.equal(sha256(await user.read('streamed.bin')), noiseHash('stream', size))
})

test('compressible, repeated and patterned content comes back as it was', async () => {
  const user = await createUser(admin)
  const contents = {
    zeros: Buffer.alloc(5 * MIB),
    text: Buffer.from('All work and no play makes Jack a dull boy.\n'.repeat(80_000)),
    twice: Buffer.concat([noise('t', 2 * MIB), noise('t', 2 * MIB)]),
    mixed: Buffer.concat([Buffer.alloc(MIB), noise('m', MIB), Buffer.from('x'.repeat(MIB))])
  }
  for (const [name, content] of Object.entries(contents)) {
    await user.store(`${name}.bin`, content)
    assert.equal(sha256(await user.read(`${name}.bin`)), sha256(content), name)
  }
})

test('201 for a new file, 200 for a new version, ETag and Location-free', async () => {
  const user = await createUser(admin)
  const put = (body: string, headers = {}) => user.put(`${P}/files/doc.txt`, body, { headers })
  const first = expectStatus(await put('one'), 201)
  const node = first.json<Node>()
  assert.equal(first.headers.etag, `"${node.versionId}"`)
  const second = expectStatus(await put('two'), 200).json<Node>()
  assert.equal(second.id, node.id)
  expectProblem(await put('three', { 'if-match': `"${node.versionId}"` }), 412)
  expectProblem(await put('three', { 'if-none-match': '*' }), 412)
  expectStatus(await put('three', { 'if-match': `"${second.versionId}"` }), 200)
  expectProblem(await put('x', { 'if-match': 'no quotes' }), 400)
  const byNode = await user.put(`${P}/nodes/${node.id}/content`, 'by node')
  expectStatus(byNode, 200)
  assert.equal((await user.read('doc.txt')).toString(), 'by node')
})

test('missing folders are a 404 unless asked for; the modification time is kept', async () => {
  const user = await createUser(admin)
  expectProblem(await user.put(`${P}/files/no/such/folder.txt`, 'x'), 404)
  const mtime = '2020-02-03T04:05:06.000Z'
  const reply = await user.put(`${P}/files/no/such/folder.txt?parents=true&mtime=${mtime}`, 'x')
  assert.equal(expectStatus(reply, 201).json<Node>().mtime, mtime)
  const header = await user.put(`${P}/files/other.txt`, 'x', { headers: { 'x-cairn-mtime': '1580702706000' } })
  assert.equal(expectStatus(header, 201).json<Node>().mtime, mtime)
  expectProblem(await user.put(`${P}/files/bad.txt?mtime=yesterday`, 'x'), 400)
  expectProblem(await user.put(`${P}/files/bad.txt?frobnicate=1`, 'x'), 400)
  await user.folder('folder')
  expectProblem(await user.put(`${P}/files/folder`, 'x'), 409)
  expectProblem(await user.put(`${P}/files/other.txt/below`, 'x'), 409, 'not_a_folder')
})

test('parallel writers of one file: every acknowledged content is a version, one is current', async () => {
  const user = await createUser(admin)
  const contents = Array.from({ length: 12 }, (_, index) => noise(`writer ${index}`, 300_000))
  const nodes = await Promise.all(contents.map((content) => user.store('contested.bin', content)))
  const { id } = nodes[0] as Node
  assert.ok(nodes.every((node) => node.id === id))
  for (const [index, node] of nodes.entries()) {
    const back = await user.get(`${P}/nodes/${id}/content?version=${node.versionId}`)
    assert.equal(sha256(expectStatus(back, 200).bytes), sha256(contents[index] as Buffer))
  }
})

/** Begins a PUT of `declared` bytes, sends `sent` of them and lets go of the connection. */
const abandonPut = (
  user: User,
  path: string,
  { how, declared, sent }: { how: 'FIN' | 'RST'; declared: number; sent: number }
) =>
  new Promise<void>((resolve, reject) => {
    const socket = connect(server.port, server.host, () => {
      socket.write(
        `PUT ${P}/files/${encodePath(path)} HTTP/1.1\r\nHost: x\r\nAuthorization: ${user.authorization}\r\n` +
          `Content-Type: application/octet-stream\r\nContent-Length: ${declared}\r\n\r\n`
      )
      socket.write(noise('abandoned', sent), () => {
        if (how === 'FIN') socket.end()
        else socket.resetAndDestroy()
      })
    })
    socket.resume()
    socket.once('error', (error: NodeJS.ErrnoException) => (error.code === 'ECONNRESET' ? resolve() : reject(error)))
    socket.once('close', () => resolve())
  })

test('FLT-047 a PUT that breaks off leaves nothing: no node, no version, no bytes on the account', async () => {
  const user = await createUser(admin)
  const before = await user.store('existing.bin', 'the old content')
  for (const how of ['FIN', 'RST'] as const) {
    await abandonPut(user, 'new.bin', { how, declared: 3 * MIB, sent: 2 * MIB })
    await abandonPut(user, 'existing.bin', { how, declared: 3 * MIB, sent: 3 * MIB - 1 })
  }
  const { rootId } = await user.drive()
  await waitFor('nothing is in flight', async () => {
    const { text } = await admin
      .get('/metrics', { headers: { authorization: '' } })
      .then((r) => (r.status === 200 ? r : user.get('/metrics')))
    return !/^cairn_http_requests_in_flight ([2-9]|\d\d)/m.test(text)
  })
  assert.deepEqual(
    (await user.children(rootId)).map(({ name, versionId }) => [name, versionId]),
    [['existing.bin', before.versionId]]
  )
  assert.equal((await user.drive()).quota.used, before.size)
  assert.equal((await user.read('existing.bin')).toString(), 'the old content')
  await user.store('new.bin', 'after it')
})

test('a body that is longer or shorter than it says never becomes a file', async () => {
  const user = await createUser(admin)
  const failed = user.put(`${P}/files/short.bin`, Readable.from([Buffer.alloc(10)]), {
    headers: { 'content-length': 100 }
  })
  await assert.rejects(Promise.race([failed, new Promise((_, reject) => setTimeout(reject, 1000, new Error('hung')))]))
  expectProblem(await user.get(`${P}/files/short.bin`), 404)
})

test('a refusal comes before the body is asked for', async () => {
  const user = await createUser(admin)
  const path = `${P}/files/nowhere/${randomUUID()}.bin`
  const answer = await new Promise<string>((resolve) => {
    const socket = connect(server.port, server.host)
    socket.setEncoding('latin1')
    socket.once('data', (text) => {
      socket.destroy()
      resolve(String(text))
    })
    socket.write(
      `PUT ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: ${user.authorization}\r\nExpect: 100-continue\r\nContent-Length: 1000000000\r\n\r\n`
    )
  })
  assert.match(answer, /^HTTP\/1\.1 404 /)
})

testCoverage(import.meta.filename, server)
