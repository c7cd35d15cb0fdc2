import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { promisify } from 'node:util'
import { createTemporaryFolder, waitFor } from '@cairn/testing'
import { type Cluster, createCluster, type Replica } from './_cluster.ts'
import { openRaw } from './_raw.ts'
import { fileContent, fileInfo, folderOf, noise, problemCode, send, trash } from './_requests.ts'

interface Node {
  readonly id: string
  readonly versionId: string
  readonly size: number
  readonly mtime: string
  readonly parentId: string
}

describe('plain PUT', () => {
  let cluster: Cluster
  let replica: Replica
  before(async () => {
    cluster = await createCluster({ metadata: { defaultQuota: 50_000_000 } })
    replica = await cluster.addReplica()
  })
  after(() => cluster[Symbol.asyncDispose]())

  const files = '/v1/drives/personal/files'
  const put = (user: string, path: string, options: Partial<Parameters<typeof send>[1]> = {}) =>
    send(replica.url, { method: 'PUT', path, user, body: 'x', ...options })

  it('stores a file and then a new version of it', async () => {
    const user = cluster.uuid()
    const first = await put(user, `${files}/notes.txt`, { body: 'one' })
    assert.equal(first.status, 201, await first.clone().text())
    const node = (await first.json()) as Node
    assert.equal(first.headers.get('etag'), `"${node.versionId}"`)
    assert.equal(node.size, 3)
    const second = await put(user, `${files}/notes.txt`, { body: noise(700_000) })
    assert.equal(second.status, 200)
    assert.equal(((await second.json()) as Node).id, node.id)
    assert.equal((await fileContent(cluster, user, 'notes.txt'))?.length, 700_000)
  })

  it('takes empty, chunked and large bodies of any or no content type', async () => {
    const user = cluster.uuid()
    const content = noise(9_000_000)
    const stream = new ReadableStream({
      start: (controller) => {
        for (let at = 0; at < content.length; at += 1_000_000) controller.enqueue(content.slice(at, at + 1_000_000))
        controller.close()
      }
    })
    assert.equal((await put(user, `${files}/chunked.bin`, { body: stream })).status, 201)
    assert.deepEqual(await fileContent(cluster, user, 'chunked.bin'), Buffer.from(content))
    for (const type of ['application/json', 'text/plain; charset=x', 'application/x-www-form-urlencoded']) {
      const { status } = await put(user, `${files}/typed`, { headers: { 'content-type': type }, body: '{"not json' })
      assert.ok(status < 300, type)
    }
    assert.equal((await put(user, `${files}/empty`, { body: new Uint8Array(0) })).status, 201)
    assert.equal((await fileContent(cluster, user, 'empty'))?.length, 0)
  })

  it('writes by node id, below missing folders only when asked to', async () => {
    const user = cluster.uuid()
    assert.equal((await put(user, `${files}/a/b/c.txt`)).status, 404)
    const made = await put(user, `${files}/a/b/c.txt?parents=true`)
    assert.equal(made.status, 201)
    const node = (await made.json()) as Node
    const byId = `/v1/drives/personal/nodes/${node.id}/content`
    const again = await put(user, `${byId}?mtime=1700000000000`, { body: 'by id' })
    assert.equal(again.status, 200)
    assert.equal(((await again.json()) as Node).mtime, new Date(1_700_000_000_000).toISOString())
    assert.equal(String(await fileContent(cluster, user, 'a/b/c.txt')), 'by id')
    assert.equal((await put(user, `/v1/drives/personal/nodes/${node.parentId}/content`)).status, 409)
    assert.equal((await put(cluster.uuid(), byId)).status, 404)
    const dated = await put(user, `${files}/d`, { headers: { 'x-cairn-mtime': '2020-02-02T02:02:02Z' } })
    assert.equal(((await dated.json()) as Node).mtime, '2020-02-02T02:02:02.000Z')
    assert.equal((await put(user, `${files}/d?mtime=never`)).status, 400)
    assert.equal((await put(user, `${files}/d?unknown=1`)).status, 400)
  })

  it('FLT-057: honours If-None-Match and If-Match, also when it loses a race', async () => {
    const user = cluster.uuid()
    const path = `${files}/cas.txt`
    const created = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        put(user, path, { headers: { 'if-none-match': '*' }, body: `writer ${index}` })
      )
    )
    assert.deepEqual(created.map(({ status }) => status).sort(), [201, ...Array.from({ length: 9 }, () => 412)])
    const { versionId } = (await fileInfo(cluster, user, 'cas.txt')) ?? { versionId: '' }
    const changed = await Promise.all(
      Array.from({ length: 10 }, () => put(user, path, { headers: { 'if-match': `"${versionId}"` }, body: noise(9) }))
    )
    assert.deepEqual(changed.map(({ status }) => status).sort(), [200, ...Array.from({ length: 9 }, () => 412)])
    assert.equal((await put(user, path, { headers: { 'if-match': `"${versionId}"` } })).status, 412)
    assert.equal((await put(user, path, { headers: { 'if-match': '*' } })).status, 200)
    assert.equal((await put(user, `${files}/none`, { headers: { 'if-match': '*' } })).status, 412)
    assert.equal((await put(user, path, { headers: { 'if-match': 'unquoted' } })).status, 400)
  })

  it('SEC-001: a path cannot leave its drive', async () => {
    const user = cluster.uuid()
    for (const path of [
      '%2e%2e/x',
      '..%2fx',
      'a/%2e%2e/%2e%2e/x',
      'a%5c..',
      '%252e%252e%252fx',
      'a//b',
      'a%00b',
      '%c0%ae'
    ]) {
      const raw = await openRaw(replica.url, {
        method: 'PUT',
        path: `${files}/${path}`,
        headers: { authorization: `Bearer ${user}`, 'content-length': 1, connection: 'close' }
      })
      await raw.send('x')
      const answer = await waitFor(() => /^HTTP\/1\.1 (\d+)/.exec(raw.received()))
      // "%252e" is the literal name "%2e…": allowed, and nothing but a name.
      const allowed = path.startsWith('%25') ? ['201'] : ['400', '404']
      assert.ok(allowed.includes(answer[1] ?? ''), `${path} → ${answer[1]}`)
    }
  })

  it('refuses before it takes the body, and before "100 Continue"', async () => {
    const user = cluster.uuid()
    const cases = [
      { path: `${files}/f`, headers: {}, status: 401 },
      { path: `${files}/missing/f`, headers: { authorization: `Bearer ${user}` }, status: 404 },
      { path: `${files}/f`, headers: { authorization: `Bearer ${user}`, 'if-match': '"x"' }, status: 412 },
      { path: `${files}/f`, headers: { authorization: `Bearer ${user}` }, length: 60_000_000, status: 507 },
      { path: `/v1/drives/${cluster.uuid()}/files/f`, headers: { authorization: `Bearer ${user}` }, status: 404 }
    ]
    for (const { path, headers, status, length = 1000 } of cases) {
      const raw = await openRaw(replica.url, {
        method: 'PUT',
        path,
        headers: { ...headers, 'content-length': length, expect: '100-continue' }
      })
      const answer = await waitFor(() => /^HTTP\/1\.1 (\d+)/.exec(raw.received()))
      assert.equal(answer[1], String(status), path)
      raw.socket.destroy()
    }
    const raw = await openRaw(replica.url, {
      method: 'PUT',
      path: `${files}/f`,
      headers: { authorization: `Bearer ${user}`, 'content-length': 5, expect: '100-continue' }
    })
    await waitFor(() => raw.received().startsWith('HTTP/1.1 100 Continue'))
    await raw.send('hello')
    await waitFor(() => raw.received().includes('HTTP/1.1 201'))
    raw.socket.destroy()
  })

  it('SEC-053: another expectation than 100-continue is refused before the body', async () => {
    const raw = await openRaw(replica.url, {
      method: 'PUT',
      path: `${files}/f`,
      headers: { authorization: `Bearer ${cluster.uuid()}`, 'content-length': 5, expect: 'the-impossible' }
    })
    await waitFor(() => raw.received().startsWith('HTTP/1.1 417'))
    raw.socket.destroy()
  })

  for (const { name, headers, frame } of [
    { name: 'a declared length', headers: { 'content-length': 3_000_000 }, frame: (text: string) => text },
    {
      name: 'chunked transfer',
      headers: { 'transfer-encoding': 'chunked' },
      frame: (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`
    }
  ] as const) {
    it(`FLT-047: an aborted body with ${name} leaves nothing visible`, async () => {
      const user = cluster.uuid()
      await put(user, `${files}/keep.bin`, { body: 'the old version' })
      for (const target of ['keep.bin', 'new.bin']) {
        const raw = await openRaw(replica.url, {
          method: 'PUT',
          path: `${files}/${target}`,
          headers: { authorization: `Bearer ${user}`, ...headers }
        })
        await raw.send(frame('a'.repeat(700_000)))
        raw.socket.resetAndDestroy()
      }
      // Whatever the broken requests still do, it must not become visible.
      await put(user, `${files}/later.bin`)
      assert.equal(String(await fileContent(cluster, user, 'keep.bin')), 'the old version')
      assert.equal(await fileInfo(cluster, user, 'new.bin'), undefined)
      const mine = cluster.commits.filter(({ userId }) => userId === user)
      assert.equal(mine.length, 2)
    })
  }

  it('SEC-050: parallel writers never pass the quota together', async () => {
    const user = cluster.uuid()
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) => put(user, `${files}/${index}.bin`, { body: noise(9_000_000) }))
    )
    const stored = answers.filter(({ status }) => status === 201).length
    assert.equal(stored, 5)
    for (const answer of answers) if (answer.status !== 201) assert.equal(await problemCode(answer), 'quota_exceeded')
    const endless = new ReadableStream({ pull: (controller) => controller.enqueue(noise(500_000)) })
    assert.equal((await put(user, `${files}/endless`, { body: endless })).status, 507)
    assert.equal(await fileInfo(cluster, user, 'endless'), undefined)
  })

  it('SEC-043: a folder trashed while the body comes in refuses the commit', async () => {
    const user = cluster.uuid()
    await put(user, `${files}/box/first?parents=true`)
    const box = await folderOf(cluster, user, 'box/first')
    cluster.faults.set('commit', async (proceed) => {
      cluster.faults.clear()
      await trash(cluster, user, box)
      return await proceed()
    })
    const refused = await put(user, `${files}/box/second`)
    assert.equal(refused.status, 409)
    assert.equal(await problemCode(refused), 'parent_gone')
  })

  it('works with curl -T, Basic or Bearer, large and small, from standard input', async () => {
    const user = cluster.uuid()
    await using folder = await createTemporaryFolder()
    const file = join(folder.path, 'big.bin')
    const content = noise(3_000_000)
    await writeFile(file, content)
    const curl = async (...args: string[]) => {
      const { stdout } = await promisify(execFile)('curl', ['-sS', '-o', '/dev/null', '-w', '%{http_code}', ...args])
      return stdout
    }
    const url = (name: string) => `${replica.url}${files}/${name}`
    assert.equal(await curl('-u', `${user}:secret`, '-T', file, url('basic.bin')), '201')
    assert.equal(await curl('-H', `Authorization: Bearer ${user}`, '-T', file, url('bearer.bin')), '201')
    const headers = ['-H', 'Transfer-Encoding: chunked', '-H', 'Expect: 100-continue']
    assert.equal(await curl('-u', `${user}:s`, ...headers, '-T', file, url('chunked.bin')), '201')
    for (const name of ['basic.bin', 'bearer.bin', 'chunked.bin']) {
      assert.deepEqual(await fileContent(cluster, user, name), Buffer.from(content), name)
    }
    assert.equal(await curl('-T', file, url('anonymous.bin')), '401')
  })
})
