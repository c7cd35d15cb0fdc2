import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { sql } from 'kysely'
import { startMetadata, type TestMetadata } from './_metadata.ts'
import { addPerson, type Person } from './_tree.ts'

describe('the public tree', () => {
  let metadata: TestMetadata
  let person: Person
  before(async () => {
    metadata = await startMetadata()
  })
  beforeEach(async () => {
    person = await addPerson(metadata)
  })
  after(async () => metadata[Symbol.asyncDispose]())

  const names = (body: { items: { name: string }[] }): string[] => body.items.map(({ name }) => name)

  it('shows drives, nodes, paths', async () => {
    const a = await person.folder(person.rootId, 'a')
    const b = await person.folder(a.nodeId, 'b')
    const file = await person.put(b.nodeId, 'x.txt', { size: 5n })
    const drives = await metadata.call(person.id, { url: '/v1/drives' })
    assert.deepEqual(
      drives.body.items.map((drive: { id: string }) => drive.id),
      [person.driveId]
    )
    assert.deepEqual((await person.api('GET', '')).body, drives.body.items[0])
    const node = await person.api('GET', `/nodes/${file.nodeId}`)
    assert.deepEqual(node.body, {
      id: file.nodeId,
      driveId: person.driveId,
      parentId: b.nodeId,
      name: 'x.txt',
      kind: 'file',
      state: 'live',
      size: 5,
      treeSize: 5,
      treeRev: 3,
      versionId: file.versionId,
      mtime: '2023-11-14T22:13:20.000Z',
      createdAt: '2026-06-01T00:00:00.000Z',
      modifiedAt: '2026-06-01T00:00:00.000Z',
      contentRev: 1,
      metaRev: 1,
      seq: 3
    })
    const resolved = await person.api('GET', `/resolve?path=${encodeURIComponent('/A/B/X.TXT')}`)
    assert.deepEqual(resolved.body, node.body)
    const path = await person.api('GET', `/nodes/${file.nodeId}/path`)
    assert.equal(path.body.path, '/a/b/x.txt')
    assert.deepEqual(names(path.body), ['', 'a', 'b', 'x.txt'])
    assert.equal((await person.api('GET', '/resolve?path=')).body.id, person.rootId)
    assert.equal((await person.api('GET', '/resolve?path=/a/none')).status, 404)
  })

  it('answers If-None-Match and If-Match by ETag', async () => {
    const a = await person.folder(person.rootId, 'a')
    const url = `/v1/drives/personal/nodes/${a.nodeId}`
    const etag = (await metadata.call(person.id, { url })).headers.get('etag') ?? ''
    const same = await metadata.call(person.id, { url, headers: { 'if-none-match': etag } })
    assert.deepEqual([same.status, same.text], [304, ''])
    await person.put(a.nodeId, 'x')
    assert.equal((await metadata.call(person.id, { url, headers: { 'if-none-match': etag } })).status, 200)
    const patch = (match: string) =>
      metadata.call(person.id, { method: 'PATCH', url, headers: { 'if-match': match }, body: { name: 'b' } })
    assert.equal((await patch(etag)).status, 412)
    assert.equal((await patch('"nonsense"')).status, 412)
    const now = (await metadata.call(person.id, { url })).headers.get('etag') ?? ''
    assert.equal((await patch(now)).status, 200)
    const remove = await metadata.call(person.id, { method: 'DELETE', url, headers: { 'if-match': now } })
    assert.equal(remove.status, 412)
  })

  it('makes folders by parent or path, with parents, exclusively or not', async () => {
    const post = (body: unknown) => person.api('POST', '/folders', body)
    assert.equal((await post({ path: '/a/b', name: 'c' })).status, 404)
    const made = await post({ path: '/a/b', name: 'c', parents: true })
    assert.equal(made.status, 201)
    assert.equal((await person.api('GET', '/resolve?path=a/b/c')).body.id, made.body.id)
    assert.equal((await post({ path: '/a/b', name: 'C' })).body.id, made.body.id)
    const taken = await post({ path: '/a/b', name: 'C', exclusive: true })
    assert.deepEqual([taken.status, taken.body.code], [409, 'name_taken'])
    assert.equal((await post({ name: 'top' })).body.parentId, person.rootId)
    assert.equal((await post({ name: 'x', parentId: person.rootId, path: '/a' })).status, 400)
    assert.equal((await post({ name: 'x', owner: person.id })).status, 400)
    await person.check()
  })

  it('repeats a request with the same Idempotency-Key without effect', async () => {
    const send = (key: string, name: string) =>
      metadata.call(person.id, {
        method: 'POST',
        url: '/v1/drives/personal/folders',
        headers: { 'idempotency-key': key },
        body: { name, exclusive: true }
      })
    for (const key of [metadata.uuid(), 'any text']) {
      const first = await send(key, `n ${key}`)
      const again = await send(key, `n ${key}`)
      assert.deepEqual([again.status, again.body], [201, first.body])
      const other = await send(key, 'other')
      assert.deepEqual([other.status, other.body.code], [422, 'idempotency_mismatch'])
    }
  })

  it('renames and moves, and refuses what would break the tree', async () => {
    const a = await person.folder(person.rootId, 'a')
    const b = await person.folder(a.nodeId, 'b')
    const file = await person.put(b.nodeId, 'x', { size: 3n })
    const patch = (id: string, body: unknown) => person.api('PATCH', `/nodes/${id}`, body)
    assert.equal((await patch(b.nodeId, { name: 'B' })).body.name, 'B')
    assert.equal((await patch(b.nodeId, { name: 'c', baseRev: 1 })).body.code, 'stale')
    assert.equal((await patch(a.nodeId, { parentId: b.nodeId })).body.code, 'would_cycle')
    assert.equal((await patch(b.nodeId, { parentId: file.nodeId })).body.code, 'not_a_folder')
    assert.equal((await patch(person.rootId, { name: 'x' })).status, 403)
    assert.equal((await patch(b.nodeId, { parentId: person.rootId, name: 'A' })).body.code, 'name_taken')
    const beside = await patch(b.nodeId, { parentId: person.rootId, name: 'A', onConflict: 'rename' })
    assert.equal(beside.body.name, 'A (2)')
    assert.equal((await person.api('GET', `/nodes/${a.nodeId}`)).body.treeSize, 0)
    await person.check()
  })

  it('pages through a folder in every order, each entry once', async () => {
    const sizes = [5n, 3n, 3n, 9n, 1n, 3n]
    for (const [index, size] of sizes.entries()) await person.put(person.rootId, `f${index}`, { size, mtimeMs: -size })
    for (const sort of ['name', 'size', 'mtime']) {
      for (const order of ['asc', 'desc']) {
        const seen: string[] = []
        for (let cursor: string | null = ''; cursor !== null; ) {
          const query = `sort=${sort}&order=${order}&limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`
          const page = await person.api('GET', `/nodes/${person.rootId}/children?${query}`)
          assert.equal(page.status, 200, page.text)
          seen.push(...names(page.body))
          cursor = page.body.nextCursor
        }
        assert.equal(new Set(seen).size, 6)
        const all = await person.api('GET', `/nodes/${person.rootId}/children?sort=${sort}&order=${order}`)
        assert.deepEqual(seen, names(all.body))
        if (sort === 'size') assert.equal(seen.at(order === 'asc' ? -1 : 0), 'f3')
      }
    }
  })

  it('SEC-012 bounds pages and refuses cursors of other listings', async () => {
    const folder = await person.folder(person.rootId, 'a')
    for (const name of ['x', 'y', 'z']) await person.put(folder.nodeId, name)
    for (const name of ['q', 'r']) await person.put(person.rootId, name)
    const children = (id: string, query: string) => person.api('GET', `/nodes/${id}/children?${query}`)
    for (const limit of ['-1', '0', '1e9', '1001', 'NaN', '']) {
      assert.equal((await children(folder.nodeId, `limit=${limit}`)).status, 400, limit)
    }
    const { nextCursor } = (await children(folder.nodeId, 'limit=1')).body
    assert.equal((await children(folder.nodeId, `limit=1&cursor=${nextCursor}`)).status, 200)
    const forged = [
      await children(person.rootId, `cursor=${nextCursor}`),
      await children(folder.nodeId, `order=desc&cursor=${nextCursor}`),
      await children(folder.nodeId, `sort=size&cursor=${nextCursor}`),
      await children(folder.nodeId, `cursor=${nextCursor.slice(0, -2)}AA`),
      await children(folder.nodeId, `cursor=${Buffer.from('["x","y"]').toString('base64url')}`),
      await person.api('GET', `/trash?cursor=${nextCursor}`),
      await person.api('GET', `/journal?cursor=${nextCursor}`)
    ]
    for (const reply of forged) assert.deepEqual([reply.status, reply.body.code], [400, 'invalid_cursor'])
    const { journalCursor } = (await person.api('GET', '')).body
    const stranger = await addPerson(metadata)
    assert.equal((await stranger.api('GET', `/journal?cursor=${journalCursor}`)).body.code, 'invalid_cursor')
  })

  it('SEC-001 SEC-007 judges names in every place that takes one', async () => {
    const file = await person.put(person.rootId, 'file')
    const bad = ['', '.', '..', 'a/b', '../x', '/etc', 'a\u0000b', 'a\nb', '\u007f', 'x'.repeat(256), ' . ']
    for (const name of bad) {
      const replies = [
        await person.api('POST', '/folders', { name }),
        await person.api('PATCH', `/nodes/${file.nodeId}`, { name }),
        await person.api('POST', `/nodes/${file.nodeId}/copy`, { parentId: person.rootId, name })
      ]
      for (const reply of replies)
        assert.deepEqual([reply.status, reply.body.code], [400, 'invalid_name'], JSON.stringify(name))
      const many = await person.api('POST', '/operations', {
        operations: [{ op: 'make_folder', parentId: person.rootId, name }]
      })
      assert.equal(many.body.results[0].error.code, 'invalid_name')
    }
    for (const path of ['../x', 'a//b', '/./x', 'a/../..', '..%2f']) {
      const reply = await person.api('GET', `/resolve?path=${encodeURIComponent(path)}`)
      assert.ok(reply.body.code === 'invalid_name' || reply.body.code === 'not_found', path)
    }
    const surrogate = await metadata.call(person.id, {
      method: 'POST',
      url: '/v1/drives/personal/folders',
      body: { name: 'x\ud800' }
    })
    assert.equal(surrogate.body.code, 'invalid_name')
    const good = [
      '..%2f',
      '%2e%2e',
      '..\\',
      'C:',
      'CON',
      'a:b',
      '\u202efdp',
      'a\u200bb',
      `${'a'.repeat(251)}\u{1f600}`,
      'x ',
      '<b>'
    ]
    for (const name of good) {
      const made = await person.api('POST', '/folders', { name })
      assert.equal(made.body.name, name)
    }
    const listed = await person.api('GET', `/nodes/${person.rootId}/children`)
    assert.deepEqual(new Set(names(listed.body)), new Set([...good, 'file']))
    await person.check()
  })

  it('SEC-008 never overwrites through another spelling', async () => {
    const first = await person.api('POST', '/folders', { name: '\u00e9' })
    const second = await person.api('POST', '/folders', { name: 'e\u0301', exclusive: true })
    assert.equal(second.status, 409)
    assert.equal((await person.api('GET', `/resolve?path=${encodeURIComponent('E\u0301')}`)).body.id, first.body.id)
  })

  it('SEC-010 lists, copies, deletes and checks the deepest tree', async () => {
    const made = await person.api('POST', '/folders', {
      path: Array(127).fill('d').join('/'),
      name: 'd',
      parents: true
    })
    assert.equal(made.status, 201)
    const deeper = await person.api('POST', '/folders', { parentId: made.body.id, name: 'x' })
    assert.deepEqual([deeper.status, deeper.body.code], [409, 'too_deep'])
    const tooLong = await person.api('POST', '/folders', {
      path: Array(10_000).fill('d').join('/'),
      name: 'd',
      parents: true
    })
    assert.ok([400, 409].includes(tooLong.status))
    const [, top] = (await person.api('GET', `/nodes/${made.body.id}/path`)).body.items
    const copy = await person.api('POST', `/nodes/${top.id}/copy`, { parentId: person.rootId, name: 'copy' })
    assert.equal(copy.status, 201, copy.text)
    const nested = await person.api('POST', `/nodes/${top.id}/copy`, { parentId: copy.body.id, name: 'x' })
    assert.equal(nested.body.code, 'too_deep')
    assert.equal((await person.api('DELETE', `/nodes/${top.id}`)).status, 204)
    assert.equal((await person.api('GET', `/nodes/${made.body.id}`)).status, 404)
    await person.check()
  })

  it('SEC-034 answers alike for what is unknown, foreign, trashed or purged', async () => {
    const stranger = await addPerson(metadata)
    const theirs = await stranger.put(stranger.rootId, 'secret')
    const gone = await person.put(person.rootId, 'gone')
    await person.api('DELETE', `/nodes/${gone.nodeId}`)
    const strip = (text: string) => text.replace(/"requestId":"[^"]*"/, '')
    const unknown = strip((await person.api('GET', `/nodes/${metadata.uuid()}`)).text)
    const same = [
      await person.api('GET', `/nodes/${theirs.nodeId}`),
      await person.api('GET', `/nodes/${gone.nodeId}`),
      await metadata.call(person.id, { url: `/v1/drives/${stranger.driveId}` }),
      await metadata.call(person.id, { url: `/v1/drives/${stranger.driveId}/nodes/${theirs.nodeId}` }),
      await metadata.call(person.id, { url: `/v1/drives/${stranger.driveId}/trash` }),
      await person.api('GET', `/nodes/${theirs.nodeId}/children`),
      await person.api('GET', `/nodes/${theirs.nodeId}/path`),
      await person.api('GET', `/nodes/${theirs.nodeId}/versions`),
      await person.api('PATCH', `/nodes/${theirs.nodeId}`, { name: 'mine' }),
      await person.api('DELETE', `/nodes/${theirs.nodeId}`),
      await person.api('POST', `/nodes/${theirs.nodeId}/copy`, { parentId: person.rootId }),
      await person.api('POST', '/folders', { parentId: stranger.rootId, name: 'x' }),
      await person.api('POST', `/trash/${theirs.nodeId}/restore`),
      await person.api('DELETE', `/trash/${theirs.nodeId}`),
      await person.api('DELETE', `/nodes/${theirs.nodeId}/versions/${theirs.versionId}`),
      await person.api('POST', `/nodes/${theirs.nodeId}/versions/${theirs.versionId}/restore`),
      await person.api('POST', `/nodes/${gone.nodeId}/versions/${theirs.versionId}/restore`)
    ]
    for (const reply of same) assert.deepEqual([reply.status, strip(reply.text)], [404, unknown])
    await stranger.check()
  })

  it('SEC-030 SEC-031 asks for scopes and refuses unknown fields', async () => {
    const reader = `${person.id}|files:read`
    const url = '/v1/drives/personal'
    assert.equal((await metadata.call(reader, { url })).status, 200)
    assert.equal(
      (await metadata.call(reader, { url: `${url}/folders`, method: 'POST', body: { name: 'x' } })).status,
      403
    )
    assert.equal((await metadata.call(reader, { url: `${url}/trash`, method: 'DELETE' })).status, 403)
    assert.equal((await metadata.call(`${person.id}|nothing`, { url })).status, 403)
    assert.equal((await metadata.call('nobody', { url })).status, 401)
    assert.equal((await metadata.call(person.id, { url: '/v1/admin/quotas' })).status, 403)
    const raise = { method: 'PUT', url: `/v1/admin/users/${person.id}/quota`, body: { limit: 0 } } as const
    assert.equal((await metadata.call(person.id, raise)).status, 403)
    const node = await person.put(person.rootId, 'x')
    for (const field of ['size', 'ownerId', 'state', 'versionId', 'createdAt', 'driveId']) {
      assert.equal((await person.api('PATCH', `/nodes/${node.nodeId}`, { name: 'y', [field]: 1 })).status, 400)
    }
  })

  it('SEC-020 SEC-023 lets a viewer look and change nothing', async () => {
    const folder = await person.folder(person.rootId, 'a')
    const file = await person.put(folder.nodeId, 'x')
    const again = await person.put(folder.nodeId, 'x')
    const binned = await person.put(person.rootId, 'binned')
    await person.api('DELETE', `/nodes/${binned.nodeId}`)
    await sql`update metadata.drive_member set role = 'viewer' where user_id = ${person.id}`.execute(
      metadata.database.query
    )
    const copies = metadata.storage.copies.length
    const { headSeq } = (await person.api('GET', '')).body
    const refused = [
      await person.api('POST', '/folders', { name: 'b' }),
      await person.api('POST', '/folders', { path: 'q/r', name: 'b', parents: true }),
      await person.api('PATCH', `/nodes/${file.nodeId}`, { name: 'y' }),
      await person.api('DELETE', `/nodes/${file.nodeId}`),
      await person.api('POST', `/nodes/${folder.nodeId}/copy`, { parentId: person.rootId, name: 'b' }),
      await person.api('POST', `/nodes/${file.nodeId}/versions/${file.versionId}/restore`),
      await person.api('DELETE', `/nodes/${file.nodeId}/versions/${file.versionId}`),
      await person.api('POST', `/trash/${binned.nodeId}/restore`),
      await person.api('DELETE', `/trash/${binned.nodeId}`),
      await person.api('DELETE', '/trash')
    ]
    for (const reply of refused) assert.deepEqual([reply.status, reply.body.code], [403, 'forbidden'])
    await assert.rejects(metadata.rpc.authorizeWrite({ userId: person.id, drive: 'personal', place: { path: 'z' } }), {
      code: 'forbidden'
    })
    assert.equal(metadata.storage.copies.length, copies)
    assert.equal((await person.api('GET', '')).body.headSeq, headSeq)
    assert.equal((await person.api('GET', `/nodes/${file.nodeId}`)).body.versionId, again.versionId)
    await person.check()
  })

  it('applies many operations in one call, with references among them', async () => {
    const folder = metadata.uuid()
    const file = await person.put(person.rootId, 'x')
    const reply = await person.api('POST', '/operations', {
      operations: [
        { op: 'make_folder', opId: folder, parentId: person.rootId, name: 'a' },
        { op: 'move', nodeId: file.nodeId, parentId: `op:${folder}`, name: 'y' },
        { op: 'copy', nodeId: file.nodeId, parentId: `op:${folder}`, name: 'z' },
        { op: 'trash', nodeId: metadata.uuid() },
        { op: 'trash', nodeId: `op:${folder}` },
        { op: 'restore', nodeId: file.nodeId }
      ]
    })
    assert.equal(reply.status, 200, reply.text)
    const outcome = reply.body.results.map((result: { error?: { code: string } }) => result.error?.code ?? '')
    assert.deepEqual(outcome, ['', '', '', 'not_found', '', 'gone'])
    await person.check()
    const over = Array(501).fill({ op: 'restore', nodeId: file.nodeId })
    assert.equal((await person.api('POST', '/operations', { operations: over })).status, 400)
  })

  it('lets administrators see and set quotas', async () => {
    const admin = `${person.id}|admin`
    await person.put(person.rootId, 'x', { size: 100n })
    const put = (limit: unknown) =>
      metadata.call(admin, { method: 'PUT', url: `/v1/admin/users/${person.id}/quota`, body: { limit } })
    assert.deepEqual((await put(150)).body, { userId: person.id, used: 100, limit: 150, custom: true })
    const refused = await metadata.rpc
      .authorizeWrite({ userId: person.id, drive: 'personal', place: { path: 'y' }, size: 51n })
      .catch((error: unknown) => error)
    assert.match(String(refused), /quota/)
    const { quotaAvailable } = await metadata.rpc.authorizeWrite({
      userId: person.id,
      drive: 'personal',
      place: { path: 'y' },
      size: 50n
    })
    assert.equal(quotaAvailable, 50n)
    assert.deepEqual((await put(null)).body, { userId: person.id, used: 100, limit: 0, custom: false })
    for (const limit of [-1, 1.5, '5', 1e300]) assert.equal((await put(limit)).status, 400)
    const seen: string[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page = await metadata.call(admin, {
        url: `/v1/admin/quotas?limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`
      })
      seen.push(...page.body.items.map(({ userId }: { userId: string }) => userId))
      cursor = page.body.nextCursor
    }
    assert.ok(seen.includes(person.id))
    assert.equal(new Set(seen).size, seen.length)
  })
})
