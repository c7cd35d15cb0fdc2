import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { CairnError } from '@cairn/contracts'

import { sql } from 'kysely'
import { eventually } from './_eventually.ts'
import { startMetadata, type TestMetadata } from './_metadata.ts'
import { addPerson, folderOperation, type Person, putOperation } from './_tree.ts'

const DAY = 24 * 3600 * 1000

describe('content of the tree', () => {
  let metadata: TestMetadata
  let person: Person
  before(async () => {
    metadata = await startMetadata({ trashRetention: 30 * DAY, versionsKept: 3, jobInterval: 1000 })
  })
  beforeEach(async () => {
    person = await addPerson(metadata)
    metadata.storage.beforeCopy = async () => undefined
  })
  after(async () => metadata[Symbol.asyncDispose]())

  const used = async (): Promise<number> => (await person.api('GET', '')).body.quota.used
  const count = async (table: string): Promise<number> => {
    const { rows } = await sql<{ n: number }>`
      select count(*) as n from ${sql.table(`metadata.${table}`)} where vault_id = ${person.id}
    `.execute(metadata.database.query)
    return rows[0]?.n ?? -1
  }
  const purged = (): string[] =>
    metadata.published
      .filter(({ topic, key }) => topic === 'metadata.versions-purged' && key === person.id)
      .flatMap(({ payload }) => (payload as { versionIds: string[] }).versionIds)
  const waitForPurge = (nodes: number) => eventually(async () => assert.equal(await count('node'), nodes))

  it('announces what it did, once, with the ids', async () => {
    const file = await person.put(person.rootId, 'x')
    await eventually(() => {
      const mine = metadata.published.filter(({ payload }) => (payload as { vaultId: string }).vaultId === person.id)
      assert.deepEqual(
        mine.map(({ topic, key, payload }) => ({ topic, key, payload })),
        [
          {
            topic: 'metadata.drive-changed',
            key: person.driveId,
            payload: { vaultId: person.id, driveId: person.driveId, headSeq: 1, actorId: person.id, deviceId: 'test' }
          },
          {
            topic: 'metadata.versions-committed',
            key: person.id,
            payload: { vaultId: person.id, versionIds: [file.versionId] }
          }
        ]
      )
    })
  })

  it('copies a file and a folder without moving bytes', async () => {
    const a = await person.folder(person.rootId, 'a')
    const b = await person.folder(a.nodeId, 'b')
    const file = await person.put(b.nodeId, 'x', { size: 7n })
    await person.put(a.nodeId, 'y', { size: 5n })
    const copy = await person.api('POST', `/nodes/${a.nodeId}/copy`, { parentId: a.nodeId, name: 'inside' })
    assert.equal(copy.status, 201, copy.text)
    assert.equal(copy.body.parentId, a.nodeId)
    const x = await person.api('GET', '/resolve?path=a/inside/b/x')
    assert.notEqual(x.body.id, file.nodeId)
    assert.ok(metadata.storage.copies.some(({ from, to }) => from === file.versionId && to === x.body.versionId))
    const read = (nodeId: string) =>
      metadata.rpc.authorizeRead({ userId: person.id, drive: 'personal', place: { nodeId } })
    assert.deepEqual((await read(x.body.id)).manifestId, (await read(file.nodeId)).manifestId)
    assert.equal((await person.api('GET', `/nodes/${person.rootId}`)).body.treeSize, 24)
    assert.equal(await used(), 24)
    const taken = await person.api('POST', `/nodes/${file.nodeId}/copy`, { parentId: b.nodeId })
    assert.equal(taken.body.code, 'name_taken')
    const beside = await person.api('POST', `/nodes/${file.nodeId}/copy`, { parentId: b.nodeId, onConflict: 'rename' })
    assert.equal(beside.body.name, 'x (2)')
    await person.check()
  })

  it('SEC-050 copies all of a folder or nothing when the quota is short', async () => {
    const a = await person.folder(person.rootId, 'a')
    for (const name of ['x', 'y', 'z']) await person.put(a.nodeId, name, { size: 10n })
    await metadata.call(`${person.id}|admin`, {
      method: 'PUT',
      url: `/v1/admin/users/${person.id}/quota`,
      body: { limit: 55 }
    })
    const copy = await person.api('POST', `/nodes/${a.nodeId}/copy`, { parentId: person.rootId, name: 'b' })
    assert.deepEqual([copy.status, copy.body.code], [507, 'quota_exceeded'])
    assert.equal(await used(), 30)
    assert.equal((await person.api('GET', '/resolve?path=b')).status, 404)
    await person.check()
  })

  it('asks storage once for a copy that is repeated, and not inside a transaction', async () => {
    const file = await person.put(person.rootId, 'x')
    const before = metadata.storage.copies.length
    metadata.storage.beforeCopy = async () => {
      // Would wait for ever if the copy held the drive's lock.
      await person.put(person.rootId, 'meanwhile')
    }
    const opId = metadata.uuid()
    const operation = {
      opId,
      kind: { case: 'copy' as const, value: { nodeId: file.nodeId, parentId: person.rootId, name: 'y' } }
    }
    const first = await person.commit([operation])
    const again = await person.commit([operation])
    assert.equal(first.results[0]?.errorCode, '')
    assert.deepEqual(again.results[0]?.node, first.results[0]?.node)
    assert.equal(metadata.storage.copies.length, before + 1)
    await person.check()
  })

  it('refuses a copy alone when storage lacks the content', async () => {
    const file = await person.put(person.rootId, 'x')
    metadata.storage.beforeCopy = async () => {
      throw new CairnError('not_found', 'no such reference')
    }
    const copy = {
      opId: metadata.uuid(),
      kind: { case: 'copy' as const, value: { nodeId: file.nodeId, parentId: person.rootId, name: 'y' } }
    }
    const { results } = await person.commit([copy, folderOperation(metadata, { parentId: person.rootId, name: 'z' })])
    assert.deepEqual(
      results.map(({ errorCode }) => errorCode),
      ['not_found', '']
    )
    const atomic = await person.commit(
      [{ ...copy, opId: metadata.uuid() }, folderOperation(metadata, { parentId: person.rootId, name: 'q' })],
      true
    )
    assert.deepEqual(
      atomic.results.map(({ errorCode }) => errorCode),
      ['not_found', 'conflict']
    )
    await person.check()
  })

  it('goes on with a large copy where it stopped', async () => {
    const source = await person.folder(person.rootId, 'source')
    for (let part = 0; part < 3; part += 1) {
      const puts = Array.from({ length: 500 }, (_, index) =>
        putOperation(metadata, { parentId: source.nodeId, name: `f${part}-${index}`, size: 1n })
      )
      await person.commit(puts)
    }
    let calls = 0
    metadata.storage.beforeCopy = async () => {
      calls += 1
      if (calls === 3) throw new CairnError('unavailable', 'storage went away')
    }
    const key = metadata.uuid()
    const copy = () =>
      metadata.call(person.id, {
        method: 'POST',
        url: `/v1/drives/personal/nodes/${source.nodeId}/copy`,
        headers: { 'idempotency-key': key },
        body: { parentId: person.rootId, name: 'target' }
      })
    assert.equal((await copy()).status, 503)
    const half = await person.api('GET', '/resolve?path=target')
    assert.ok(half.body.treeSize > 0 && half.body.treeSize < 1500)
    const whole = await copy()
    assert.equal(whole.status, 201, whole.text)
    assert.equal(whole.body.treeSize, 1500)
    assert.equal(whole.body.id, half.body.id)
    const again = await copy()
    assert.deepEqual(again.body, whole.body)
    await person.check()
  })

  it('lists, restores and deletes versions', async () => {
    const ids: string[] = []
    for (const size of [1n, 2n, 3n]) ids.push((await person.put(person.rootId, 'x', { size })).versionId)
    const { nodeId } = await person.put(person.rootId, 'x', { size: 4n })
    const versions = await person.api('GET', `/nodes/${nodeId}/versions?limit=3`)
    assert.deepEqual(
      versions.body.items.map(({ size, current }: { size: number; current: boolean }) => [size, current]),
      [
        [4, true],
        [3, false],
        [2, false]
      ]
    )
    const rest = await person.api('GET', `/nodes/${nodeId}/versions?limit=3&cursor=${versions.body.nextCursor}`)
    assert.deepEqual([rest.body.items.length, rest.body.nextCursor], [1, null])
    const restored = await person.api('POST', `/nodes/${nodeId}/versions/${ids[0]}/restore`)
    assert.deepEqual([restored.body.size, restored.body.contentRev], [1, 5])
    assert.ok(!ids.includes(restored.body.versionId))
    assert.equal(await used(), 11)
    const drop = (id: string | undefined) => person.api('DELETE', `/nodes/${nodeId}/versions/${id}`)
    assert.equal((await drop(restored.body.versionId)).body.code, 'conflict')
    assert.equal((await drop(ids[1])).status, 204)
    assert.equal((await drop(ids[1])).status, 404)
    assert.equal(await used(), 9)
    await eventually(() => assert.deepEqual(purged(), [ids[1]]))
    // What was purged can never be committed again.
    const late = await person.commit([
      putOperation(metadata, { parentId: person.rootId, name: 'late', versionId: ids[1] ?? '' })
    ])
    assert.equal(late.results[0]?.errorCode, 'conflict')
    await person.check()
  })

  it('keeps only so many old versions', async () => {
    for (let index = 0; index < 8; index += 1) await person.put(person.rootId, 'x', { size: 10n })
    await eventually(async () => {
      await metadata.clock.advance(1000)
      assert.equal(await count('version'), 4)
    })
    assert.equal(await used(), 40)
    await eventually(() => assert.equal(purged().length, 4))
    await person.check()
  })

  it('trashes, lists, restores beside and to the nearest folder', async () => {
    const a = await person.folder(person.rootId, 'a')
    const b = await person.folder(a.nodeId, 'b')
    const file = await person.put(b.nodeId, 'x.txt', { size: 3n })
    assert.equal((await person.api('DELETE', `/nodes/${file.nodeId}`)).status, 204)
    const other = await person.put(b.nodeId, 'X.txt')
    const trash = await person.api('GET', '/trash')
    assert.deepEqual(
      trash.body.items.map(({ name, state, trashedPath }: Record<string, string>) => ({ name, state, trashedPath })),
      [{ name: 'x.txt', state: 'trashed', trashedPath: 'a/b/x.txt' }]
    )
    const restored = await person.api('POST', `/trash/${file.nodeId}/restore`)
    assert.deepEqual([restored.body.name, restored.body.parentId], ['x (2).txt', b.nodeId])
    await person.api('DELETE', `/nodes/${file.nodeId}`)
    await person.api('DELETE', `/nodes/${b.nodeId}`)
    assert.equal((await person.api('GET', `/nodes/${other.nodeId}`)).status, 404)
    assert.equal((await person.api('POST', `/trash/${other.nodeId}/restore`)).status, 410)
    assert.equal((await person.api('POST', `/trash/${file.nodeId}/restore`)).body.parentId, a.nodeId)
    assert.equal((await person.api('DELETE', `/nodes/${person.rootId}`)).status, 403)
    await person.check()
  })

  it('SEC-043 refuses to finish into a folder that is gone', async () => {
    const a = await person.folder(person.rootId, 'a')
    const file = await person.put(person.rootId, 'x')
    await person.api('DELETE', `/nodes/${a.nodeId}`)
    await person.api('DELETE', `/nodes/${file.nodeId}`)
    const into = putOperation(metadata, { parentId: a.nodeId, name: 'y' })
    const over = putOperation(metadata, { nodeId: file.nodeId })
    const { results } = await person.commit([into, over])
    assert.deepEqual(
      results.map(({ errorCode }) => errorCode),
      ['parent_gone', 'gone']
    )
    const authorize = (place: { parentId?: string; name?: string; nodeId?: string }) =>
      metadata.rpc
        .authorizeWrite({ userId: person.id, drive: 'personal', place })
        .catch((error: CairnError) => error.code)
    assert.equal(await authorize({ parentId: a.nodeId, name: 'y' }), 'parent_gone')
    assert.equal(await authorize({ nodeId: file.nodeId }), 'not_found')
    await sql`update metadata.drive_member set role = 'viewer' where user_id = ${person.id}`.execute(
      metadata.database.query
    )
    const late = await person.commit([putOperation(metadata, { parentId: person.rootId, name: 'z' })])
    assert.equal(late.results[0]?.errorCode, 'forbidden')
    await sql`delete from metadata.drive_member where user_id = ${person.id}`.execute(metadata.database.query)
    await assert.rejects(person.commit([putOperation(metadata, { parentId: person.rootId, name: 'z' })]), {
      code: 'not_found'
    })
    assert.equal(await count('version'), 1)
  })

  it('purges a folder in bounded steps, gives the quota back, and tells storage', async () => {
    const a = await person.folder(person.rootId, 'a')
    const kept = await person.put(a.nodeId, 'kept')
    await person.api('DELETE', `/nodes/${kept.nodeId}`)
    const versions: string[] = []
    for (let part = 0; part < 3; part += 1) {
      const b = await person.folder(a.nodeId, `b${part}`)
      const { results } = await person.commit(
        Array.from({ length: 700 }, (_, index) =>
          putOperation(metadata, { parentId: b.nodeId, name: `f${index}`, size: 1n })
        )
      )
      versions.push(...results.map(({ node }) => node?.versionId ?? ''))
    }
    assert.equal(await used(), 2110)
    await person.api('DELETE', `/nodes/${a.nodeId}`)
    assert.equal((await person.api('DELETE', `/trash/${a.nodeId}`)).status, 204)
    assert.equal((await person.api('DELETE', `/trash/${a.nodeId}`)).status, 404)
    assert.equal((await person.api('POST', `/trash/${a.nodeId}/restore`)).status, 404)
    await waitForPurge(2)
    assert.equal(await used(), 10)
    await eventually(() => assert.deepEqual(purged().sort(), versions.sort()))
    await person.check()
    const restored = await person.api('POST', `/trash/${kept.nodeId}/restore`)
    assert.equal(restored.body.parentId, person.rootId)
    await person.check()
  })

  it('empties the trash', async () => {
    for (const name of ['x', 'y', 'z']) {
      const { nodeId } = await person.put(person.rootId, name)
      await person.api('DELETE', `/nodes/${nodeId}`)
    }
    const live = await person.put(person.rootId, 'live')
    assert.equal((await person.api('DELETE', '/trash')).status, 204)
    assert.deepEqual((await person.api('GET', '/trash')).body.items, [])
    await waitForPurge(2)
    assert.equal((await person.api('GET', `/nodes/${live.nodeId}`)).status, 200)
    await person.check()
  })

  it('purges by itself what was in the trash for longer than the configured time', async () => {
    const old = await person.put(person.rootId, 'old')
    await person.api('DELETE', `/nodes/${old.nodeId}`)
    await metadata.clock.advance(29 * DAY)
    const young = await person.put(person.rootId, 'young')
    await person.api('DELETE', `/nodes/${young.nodeId}`)
    await metadata.clock.advance(DAY + 5000)
    await eventually(async () => {
      await metadata.clock.advance(1000)
      assert.equal(await count('node'), 2)
    })
    assert.deepEqual(
      (await person.api('GET', '/trash')).body.items.map(({ id }: { id: string }) => id),
      [young.nodeId]
    )
    await person.check()
  })

  it('reads by node, by parent and name, by path, and old versions', async () => {
    const a = await person.folder(person.rootId, 'a')
    const first = await person.put(a.nodeId, 'x', { size: 1n, manifestId: new Uint8Array([1]) })
    const second = await person.put(a.nodeId, 'x', { size: 2n, manifestId: new Uint8Array([2]) })
    const read = (place: { nodeId?: string; parentId?: string; name?: string; path?: string }, versionId = '') =>
      metadata.rpc.authorizeRead({ userId: person.id, drive: person.driveId, place, versionId })
    for (const place of [{ nodeId: first.nodeId }, { parentId: a.nodeId, name: 'X' }, { path: 'A/x' }]) {
      const answer = await read(place)
      assert.deepEqual(
        [answer.versionId, answer.size, answer.name, [...answer.manifestId]],
        [second.versionId, 2n, 'x', [2]]
      )
    }
    assert.deepEqual([...(await read({ nodeId: first.nodeId }, first.versionId)).manifestId], [1])
    const other = await person.put(a.nodeId, 'y')
    await assert.rejects(read({ nodeId: other.nodeId }, first.versionId), { code: 'not_found' })
    await assert.rejects(read({ nodeId: a.nodeId }), { code: 'not_a_file' })
    await assert.rejects(
      metadata.rpc.authorizeRead({ userId: metadata.uuid(), drive: person.driveId, place: { nodeId: first.nodeId } }),
      { code: 'not_found' }
    )
  })

  it('says where content may go, making folders when asked', async () => {
    const ask = (place: { path?: string; parentId?: string; name?: string }, makeParents = false) =>
      metadata.rpc.authorizeWrite({ userId: person.id, drive: 'personal', place, makeParents })
    await assert.rejects(ask({ path: 'a/b/x' }), { code: 'not_found' })
    const fresh = await ask({ path: 'a/b/x' }, true)
    assert.deepEqual(
      [fresh.vaultId, fresh.driveId, fresh.name, fresh.nodeId, fresh.quotaAvailable],
      [person.id, person.driveId, 'x', '', -1n]
    )
    const file = await person.put(fresh.parentId, 'x')
    const standing = await ask({ path: 'A/B/X' })
    assert.deepEqual(
      [standing.nodeId, standing.currentVersionId, standing.contentRev],
      [file.nodeId, file.versionId, 1n]
    )
    const root = await ask({})
    assert.deepEqual([root.parentId, root.name], [person.rootId, ''])
    await assert.rejects(ask({ path: 'a/b/x/y' }), { code: 'not_a_folder' })
    await assert.rejects(ask({ path: 'a/../x' }), { code: 'invalid_name' })
    await assert.rejects(ask({ parentId: file.nodeId, name: 'x' }), { code: 'not_a_folder' })
    await person.check()
  })

  it('lists every version of a vault in pages', async () => {
    const ids: string[] = []
    for (const name of ['a', 'b', 'c', 'd', 'e']) ids.push((await person.put(person.rootId, name)).versionId)
    const seen: string[] = []
    for (let afterVersionId = ''; ; ) {
      const { versions } = await metadata.rpc.listVersions({ vaultId: person.id, afterVersionId, limit: 2 })
      seen.push(...versions.map(({ versionId }) => versionId))
      if (versions.length < 2) break
      afterVersionId = versions.at(-1)?.versionId ?? ''
    }
    assert.deepEqual(seen, ids.sort())
  })
})
