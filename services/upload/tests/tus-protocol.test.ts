import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { crc32 } from 'node:zlib'
import { type Cluster, createCluster, type Replica } from './_cluster.ts'
import {
  fileContent,
  fileInfo,
  folderOf,
  noise,
  problemCode,
  send,
  type TusUser,
  tusCreate,
  tusHead,
  tusHeaders,
  tusMetadata,
  tusOffset,
  tusPatch
} from './_requests.ts'

describe('tus', () => {
  let cluster: Cluster
  let replica: Replica
  before(async () => {
    cluster = await createCluster({ upload: { maxBytes: 1024 ** 3 } })
    replica = await cluster.addReplica()
  })
  after(() => cluster[Symbol.asyncDispose]())
  const newUser = (): TusUser => ({ url: replica.url, user: cluster.uuid() })

  it('says what it speaks, without credentials', async () => {
    const response = await send(replica.url, { method: 'OPTIONS', path: '/v1/uploads' })
    assert.equal(response.status, 204)
    assert.equal(response.headers.get('tus-version'), '1.0.0')
    assert.match(response.headers.get('tus-extension') ?? '', /creation-with-upload.*checksum.*concatenation/)
    assert.equal(response.headers.get('tus-max-size'), String(1024 ** 3))
    assert.equal(response.headers.get('access-control-allow-origin'), null)
  })

  it('uploads in two steps, commits with the last byte and keeps answering', async () => {
    const me = newUser()
    const content = noise(300_000)
    const path = await tusCreate(me, content.length, { filename: 'a.bin', mtime: '2024-05-01T10:00:00Z', note: 'kept' })
    const first = await tusPatch(me, path, { offset: 0, body: content.slice(0, 100_000) })
    assert.equal(first.status, 204)
    assert.equal(first.headers.get('upload-offset'), '100000')
    assert.ok(first.headers.get('upload-expires'))
    assert.equal(first.headers.get('cairn-node-id'), null)
    assert.equal(await fileContent(cluster, me.user, 'a.bin'), undefined)

    const head = await tusHead(me, path)
    assert.equal(head.status, 200)
    assert.equal(head.headers.get('upload-offset'), '100000')
    assert.equal(head.headers.get('upload-length'), '300000')
    assert.match(head.headers.get('upload-metadata') ?? '', /note /)
    assert.equal(head.headers.get('cache-control'), 'no-store')

    const last = await tusPatch(me, path, { offset: 100_000, body: content.slice(100_000) })
    assert.equal(last.status, 204)
    assert.equal(last.headers.get('upload-offset'), '300000')
    const nodeId = last.headers.get('cairn-node-id')
    assert.deepEqual(await fileContent(cluster, me.user, 'a.bin'), Buffer.from(content))
    const info = await fileInfo(cluster, me.user, 'a.bin')
    assert.equal(info?.nodeId, nodeId)
    assert.equal(info?.mtimeMs, BigInt(Date.parse('2024-05-01T10:00:00Z')))

    const done = await tusHead(me, path)
    assert.equal(done.status, 200)
    assert.equal(done.headers.get('upload-offset'), '300000')
    assert.equal(done.headers.get('cairn-node-id'), nodeId)
  })

  it('creates with the first bytes', async () => {
    const me = newUser()
    const content = noise(5000)
    const response = await send(me.url, {
      method: 'POST',
      path: '/v1/uploads',
      user: me.user,
      headers: tusHeaders({
        'upload-length': 5000,
        'content-type': 'application/offset+octet-stream',
        'upload-metadata': tusMetadata({ filename: 'whole.bin' })
      }),
      body: content
    })
    assert.equal(response.status, 201)
    assert.equal(response.headers.get('upload-offset'), '5000')
    assert.ok(response.headers.get('cairn-version-id'))
    assert.deepEqual(await fileContent(cluster, me.user, 'whole.bin'), Buffer.from(content))
  })

  it('learns a deferred length with a later PATCH', async () => {
    const me = newUser()
    const path = await tusCreate(me, undefined, { filename: 'later.bin' })
    assert.equal((await tusHead(me, path)).headers.get('upload-defer-length'), '1')
    assert.equal((await tusPatch(me, path, { offset: 0, body: noise(10) })).status, 204)
    const last = await tusPatch(me, path, { offset: 10, body: noise(5), headers: { 'upload-length': '15' } })
    assert.equal(last.status, 204)
    assert.equal((await fileContent(cluster, me.user, 'later.bin'))?.length, 15)
  })

  it('makes the folders of a relative path', async () => {
    const me = newUser()
    const path = await tusCreate(me, 3, { filename: 'x.txt', relativePath: 'photos/2024/x.txt' })
    assert.equal((await tusPatch(me, path, { offset: 0, body: noise(3) })).status, 204)
    assert.equal((await fileContent(cluster, me.user, 'photos/2024/x.txt'))?.length, 3)
    const photos = await folderOf(cluster, me.user, 'photos/y.txt')
    const below = await tusCreate(me, 2, { relativePath: 'more/y.txt', parentId: photos })
    assert.equal((await tusPatch(me, below, { offset: 0, body: noise(2) })).status, 204)
    assert.equal((await fileContent(cluster, me.user, 'photos/more/y.txt'))?.length, 2)
  })

  it('forgets an upload on DELETE', async () => {
    const me = newUser()
    const path = await tusCreate(me, 10)
    await tusPatch(me, path, { offset: 0, body: noise(4) })
    const gone = await send(me.url, { method: 'DELETE', path, user: me.user, headers: tusHeaders() })
    assert.equal(gone.status, 204)
    assert.equal((await tusHead(me, path)).status, 404)
    assert.equal((await tusPatch(me, path, { offset: 4, body: noise(6) })).status, 404)
  })

  it('SEC-051: empty, tiny and chunk-sized files arrive intact', async () => {
    const me = newUser()
    const chunk = 256 * 1024
    for (const size of [0, 1, chunk - 1, chunk, chunk + 1, 4 * 1024 * 1024, 4 * 1024 * 1024 + 1]) {
      const content = noise(size)
      const path = await tusCreate(me, size, { filename: `${size}.bin` })
      if (size > 0) assert.equal((await tusPatch(me, path, { offset: 0, body: content })).status, 204)
      assert.deepEqual(await fileContent(cluster, me.user, `${size}.bin`), Buffer.from(content), `${size} bytes`)
      assert.equal(await tusOffset(me, path), size)
    }
  })

  it('SEC-039: bad lengths are refused and leave no session', async () => {
    const me = newUser()
    const bad = ['-1', '+5', '1e3', '0x10', '5, 6', 'NaN', '', '05', '1.5', ' ']
    const huge = [2 ** 53, '9223372036854775808', '18446744073709551616', `1${'0'.repeat(30)}`, 1024 ** 3 + 1]
    const create = (headers: Record<string, string | number>) =>
      send(me.url, { method: 'POST', path: '/v1/uploads', user: me.user, headers: tusHeaders(headers) })
    for (const length of bad) {
      const response = await create({ 'upload-length': length })
      assert.equal(response.status, 400, `${length} → ${response.status}`)
      assert.equal(await problemCode(response), 'invalid_request')
    }
    for (const length of huge) assert.equal((await create({ 'upload-length': length })).status, 413, `${length}`)
    assert.equal((await create({})).status, 400)
    assert.equal((await create({ 'upload-length': 5, 'upload-defer-length': 1 })).status, 400)
    assert.equal((await create({ 'upload-defer-length': 2 })).status, 400)
    const list = await send(me.url, { method: 'GET', path: '/v1/uploads?state=all', user: me.user })
    assert.deepEqual(await list.json(), { items: [] })
  })

  it('SEC-041: bad offsets change nothing', async () => {
    const me = newUser()
    const path = await tusCreate(me, 100)
    await tusPatch(me, path, { offset: 0, body: noise(10) })
    for (const offset of [0, 9, 11, 100, 101, 2 ** 53]) {
      const response = await tusPatch(me, path, { offset, body: noise(5) })
      assert.equal(response.status, 409, `${offset}`)
    }
    for (const offset of ['-1', '1e1', '10, 10', '010', 'x']) {
      assert.equal((await tusPatch(me, path, { offset, body: noise(5) })).status, 400, offset)
    }
    const headers = tusHeaders({ 'content-type': 'application/offset+octet-stream' })
    const missing = await send(me.url, { method: 'PATCH', path, user: me.user, headers, body: noise(5) })
    assert.equal(missing.status, 400)
    assert.equal(await tusOffset(me, path), 10)
  })

  it('SEC-039: a body beyond the declared length is refused and not stored', async () => {
    const me = newUser()
    const path = await tusCreate(me, 10, { filename: 'short.bin' })
    assert.equal((await tusPatch(me, path, { offset: 0, body: noise(11) })).status, 413)
    assert.equal(await tusOffset(me, path), 0)
    const stream = new ReadableStream({
      start: (controller) => {
        controller.enqueue(noise(4))
        controller.enqueue(noise(2_000_000))
        controller.close()
      }
    })
    const chunked = await send(me.url, {
      method: 'PATCH',
      path,
      user: me.user,
      headers: tusHeaders({ 'upload-offset': 0, 'content-type': 'application/offset+octet-stream' }),
      body: stream
    })
    assert.equal(chunked.status, 413)
    assert.ok((await tusOffset(me, path)) <= 4)
    assert.equal(await fileContent(cluster, me.user, 'short.bin'), undefined)
  })

  it('SEC-045: ids that cannot exist answer as those that do not; others cannot see mine', async () => {
    const me = newUser()
    const path = await tusCreate(me, 10)
    const stranger = newUser()
    const withoutId = async (response: Response) => (await response.text()).replace(/"requestId":"[^"]*"/, '')
    const foreign = await withoutId(await tusPatch(stranger, path, { offset: 0, body: noise(1) }))
    const unknown = await withoutId(await tusPatch(stranger, `/v1/uploads/${cluster.uuid()}`, { offset: 0 }))
    assert.equal(foreign, unknown)
    for (const id of [`${path.split('/').at(-1)}.info`, 'A'.repeat(8000), 'x', path.slice(13).toUpperCase()]) {
      assert.equal(await withoutId(await tusPatch(me, `/v1/uploads/${id}`, { offset: 0 })), unknown, id.slice(0, 40))
    }
    for (const id of ['%2e%2e%2fx', '..%2F..', '%00', 'a%2Fb']) {
      const { status } = await tusPatch(me, `/v1/uploads/${id}`, { offset: 0 })
      assert.ok(status === 400 || status === 404, `${id} → ${status}`)
    }
    assert.equal((await tusHead(stranger, path)).status, 404)
    const removal = await send(me.url, { method: 'DELETE', path, user: stranger.user, headers: tusHeaders() })
    assert.equal(removal.status, 404)
    assert.equal(await tusOffset(me, path), 0)
  })

  it('SEC-047: a deferred length can be set once, not below what came, not above the maximum', async () => {
    const me = newUser()
    const path = await tusCreate(me, undefined)
    await tusPatch(me, path, { offset: 0, body: noise(10) })
    const declare = (length: number) => tusPatch(me, path, { offset: 10, headers: { 'upload-length': String(length) } })
    assert.equal((await declare(9)).status, 400)
    assert.equal((await declare(1024 ** 3 + 1)).status, 413)
    assert.equal((await declare(20)).status, 204)
    assert.equal((await declare(20)).status, 204)
    assert.equal((await declare(30)).status, 400)
    assert.equal((await tusHead(me, path)).headers.get('upload-length'), '20')
  })

  it('SEC-048: method override works on POST of an upload only', async () => {
    const me = newUser()
    const path = await tusCreate(me, 4, { filename: 'o.bin' })
    const override = (method: string, headers: Record<string, string | number>, target = path, by = 'POST') =>
      send(me.url, {
        method: by,
        path: target,
        user: me.user,
        headers: tusHeaders({ 'x-http-method-override': method, ...headers }),
        ...(by === 'GET' || by === 'HEAD' ? {} : { body: noise(method === 'PATCH' ? 4 : 0) })
      })
    const body = { 'upload-offset': 0, 'content-type': 'application/offset+octet-stream' }
    assert.equal((await override('PUT', body)).status, 400)
    assert.equal((await override('constructor', body)).status, 400)
    assert.equal((await override('PATCH', { ...body, 'upload-length': 4 }, '/v1/uploads')).status, 400)
    assert.equal((await override('DELETE', {}, path, 'HEAD')).status, 400)
    assert.equal((await override('DELETE', body, path, 'PATCH')).status, 400)
    assert.notEqual((await override('DELETE', {}, path, 'GET')).status, 204)
    const anonymous = await send(me.url, {
      method: 'POST',
      path,
      headers: tusHeaders({ 'x-http-method-override': 'DELETE' })
    })
    assert.equal(anonymous.status, 401)
    assert.equal(await tusOffset(me, path), 0)
    assert.equal((await override('PATCH', body)).status, 204)
    assert.equal((await fileContent(cluster, me.user, 'o.bin'))?.length, 4)
    assert.equal((await override('DELETE', {})).status, 204)
    assert.equal((await tusHead(me, path)).status, 404)
  })

  it('SEC-049: checksums are verified before anything counts', async () => {
    const me = newUser()
    const content = noise(600_000)
    const path = await tusCreate(me, 4 * content.length, { filename: 'sum.bin' })
    const sum = (algorithm: string) => `${algorithm} ${createHash(algorithm).update(content).digest('base64')}`
    const patch = (offset: number, checksum: string, extra = {}) =>
      tusPatch(me, path, { offset, body: content, headers: { 'upload-checksum': checksum, ...extra } })
    const wrong = await patch(0, `sha1 ${createHash('sha1').update('other').digest('base64')}`)
    assert.equal(wrong.status, 460)
    assert.equal(await problemCode(wrong), 'checksum_mismatch')
    for (const bad of ['sha512 AAAA', 'sha1', 'sha1 !!', 'sha1 AAAA', `SHA1 ${'A'.repeat(28)}`, ' ']) {
      assert.equal((await patch(0, bad)).status, 400, bad)
    }
    assert.equal(await tusOffset(me, path), 0)
    const crc = Buffer.alloc(4)
    crc.writeUInt32BE(crc32(content))
    const sums = [sum('sha1'), sum('md5'), sum('sha256'), `crc32 ${crc.toString('base64')}`]
    for (const [index, checksum] of sums.entries()) {
      assert.equal((await patch(index * content.length, checksum)).status, 204, checksum)
    }
    assert.equal((await fileContent(cluster, me.user, 'sum.bin'))?.length, 4 * content.length)
  })

  it('SEC-049: a large body with a wrong checksum leaves nothing either', async () => {
    const me = newUser()
    const content = noise(9_000_000)
    const path = await tusCreate(me, content.length, { filename: 'large.bin' })
    const digest = (bytes: Uint8Array) => `sha256 ${createHash('sha256').update(bytes).digest('base64')}`
    const patch = (checksum: string) =>
      tusPatch(me, path, { offset: 0, body: content, headers: { 'upload-checksum': checksum } })
    assert.equal((await patch(digest(noise(1)))).status, 460)
    assert.equal(await tusOffset(me, path), 0)
    assert.equal((await patch(digest(content))).status, 204)
    assert.deepEqual(await fileContent(cluster, me.user, 'large.bin'), Buffer.from(content))
  })

  it('SEC-053: wrong version or content type is refused before the body', async () => {
    const me = newUser()
    const path = await tusCreate(me, 10)
    const patch = (headers: Record<string, string>) =>
      send(me.url, { method: 'PATCH', path, user: me.user, headers, body: noise(10) })
    const good = tusHeaders({ 'upload-offset': 0, 'content-type': 'application/offset+octet-stream' })
    const { 'tus-resumable': _, ...noVersion } = good
    for (const headers of [noVersion, { ...good, 'tus-resumable': '0.2.2' }]) {
      const response = await patch(headers)
      assert.equal(response.status, 412)
      assert.equal(response.headers.get('tus-version'), '1.0.0')
      assert.equal(response.headers.get('tus-resumable'), '1.0.0')
    }
    for (const type of ['application/octet-stream', 'text/plain', 'application/offset+octet-stream; x=y']) {
      assert.equal((await patch({ ...good, 'content-type': type })).status, 415, type)
    }
    assert.equal(await tusOffset(me, path), 0)
  })

  it('SEC-056: a forged host does not reach Location', async () => {
    const me = newUser()
    const response = await send(me.url, {
      method: 'POST',
      path: '/v1/uploads',
      user: me.user,
      headers: {
        ...tusHeaders({ 'upload-length': 1 }),
        'x-forwarded-host': 'evil.example',
        'x-forwarded-proto': 'gopher',
        forwarded: 'host=evil.example'
      }
    })
    assert.equal(response.status, 201)
    assert.match(response.headers.get('location') ?? '', /^\/v1\/uploads\/[0-9a-f-]{36}$/)
  })

  it('SEC-001, SEC-007: names that are none are refused at creation', async () => {
    const me = newUser()
    const create = (header: string) =>
      send(me.url, {
        method: 'POST',
        path: '/v1/uploads',
        user: me.user,
        headers: tusHeaders({ 'upload-length': 1, 'upload-metadata': header })
      })
    for (const name of ['..', '.', 'a/b', '/etc/passwd', 'a\0b']) {
      const response = await create(tusMetadata({ filename: name }))
      assert.equal(response.status, 400, name)
    }
    for (const path of ['../x', 'a/../b', '/a', 'a//b', 'a/']) {
      assert.equal((await create(tusMetadata({ relativePath: path }))).status, 400, path)
    }
    for (const header of [
      'filename',
      'filename ///',
      'a YQ==,a YQ==',
      'filename /w==',
      'filename YQ== YQ==',
      'ä YQ=='
    ]) {
      const response = await create(Buffer.from(header).toString('latin1'))
      assert.ok(response.status === 400 || header === 'filename', `${header} → ${response.status}`)
    }
    assert.equal((await create(`filename ${'QUJD'.repeat(2100)}`)).status, 400)
    assert.equal((await create(tusMetadata({ drive: 'x' }))).status, 400)
    assert.equal((await create(tusMetadata({ mtime: 'yesterday' }))).status, 400)
    assert.equal((await create(tusMetadata({ onConflict: 'overwrite' }))).status, 400)
    assert.equal((await create(tusMetadata({ drive: cluster.uuid() }))).status, 404)
  })

  it('SEC-030: a credential without files:write cannot upload', async () => {
    const limited = { url: replica.url, user: `${cluster.uuid()}|files:read` }
    const response = await send(limited.url, {
      method: 'POST',
      path: '/v1/uploads',
      user: limited.user,
      headers: tusHeaders({ 'upload-length': 1 })
    })
    assert.equal(response.status, 403)
  })
})
