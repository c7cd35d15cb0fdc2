import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { allPages, createUser, type Drive, type Node, type Page } from './_api.ts'
import { testCoverage } from './_coverage.ts'
import { expectProblem, expectStatus } from './_http.ts'
import { createWorld } from './_world.ts'

const { server, admin } = await createWorld()
const P = '/v1/drives/personal'

interface Entry {
  readonly seq: number
  readonly nodeId: string
  readonly name: string
  readonly state: string
}
interface Journal {
  readonly entries: readonly Entry[]
  readonly cursor: string
  readonly more: boolean
}
interface Results {
  readonly results: readonly { opId: string; node?: Node; error?: { code: string } }[]
}

test('everybody has a personal drive of their own', async () => {
  const [ann, bob] = [await createUser(admin, 'ann'), await createUser(admin, 'bob')]
  const { items } = expectStatus(await ann.get('/v1/drives'), 200).json<{ items: Drive[] }>()
  assert.equal(items.length, 1)
  const drive = await ann.drive()
  assert.equal(items[0]?.id, drive.id)
  assert.equal((await ann.get(`/v1/drives/${drive.id}`)).json<Drive>().rootId, drive.rootId)
  assert.notEqual((await bob.drive()).id, drive.id)
})

test('folders: made, listed in pages, renamed, moved, found by path', async () => {
  const user = await createUser(admin)
  const { rootId } = await user.drive()
  const folder = await user.folder('Photos')
  for (const name of ['c', 'a', 'B', 'd10', 'd9']) await user.folder(name, folder.id)
  const pages: string[][] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const at: string = `${P}/nodes/${folder.id}/children?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`
    const page: Page<Node> = expectStatus(await user.get(at), 200).json()
    pages.push(page.items.map(({ name }) => name))
    cursor = page.nextCursor
  }
  assert.deepEqual(
    pages.map((names) => names.length),
    [2, 2, 1]
  )
  assert.deepEqual(
    pages.flat().map((name) => name.toLowerCase()),
    ['a', 'b', 'c', 'd10', 'd9']
  )
  const descending = await allPages<Node>(user, `${P}/nodes/${folder.id}/children?order=desc&limit=3`)
  assert.deepEqual(
    descending.map(({ name }) => name),
    pages.flat().reverse()
  )

  const [, b] = await user.children(folder.id)
  const moved = expectStatus(
    await user.patch(`${P}/nodes/${b?.id}`, { name: 'Ben', parentId: rootId }),
    200
  ).json<Node>()
  assert.deepEqual([moved.name, moved.parentId], ['Ben', rootId])
  const found = expectStatus(await user.get(`${P}/resolve?path=${encodeURIComponent('/Photos/d9')}`), 200).json<Node>()
  const path = expectStatus(await user.get(`${P}/nodes/${found.id}/path`), 200).json<{ path: string; items: Node[] }>()
  assert.equal(path.path, '/Photos/d9')
  assert.deepEqual(path.items.map(({ name }) => name).slice(1), ['Photos', 'd9'])
  expectProblem(await user.get(`${P}/resolve?path=/Photos/none`), 404, 'not_found')
  expectProblem(await user.post(`${P}/folders`, { name: 'photos', exclusive: true }), 409, 'name_taken')
  assert.equal(expectStatus(await user.post(`${P}/folders`, { name: 'photos' }), 201).json<Node>().id, folder.id)
})

test('a folder cannot go into itself, the root goes nowhere', async () => {
  const user = await createUser(admin)
  const { rootId } = await user.drive()
  const outer = await user.folder('outer')
  const inner = await user.folder('inner', outer.id)
  expectProblem(await user.patch(`${P}/nodes/${outer.id}`, { parentId: inner.id }), 409, 'would_cycle')
  expectProblem(await user.patch(`${P}/nodes/${outer.id}`, { parentId: outer.id }), 409, 'would_cycle')
  assert.ok((await user.patch(`${P}/nodes/${rootId}`, { name: 'x' })).status >= 400)
  assert.ok((await user.delete(`${P}/nodes/${rootId}`)).status >= 400)
  const [a, b] = [await user.folder('a'), await user.folder('b')]
  const swap = await Promise.all([
    user.patch(`${P}/nodes/${a.id}`, { parentId: b.id }),
    user.patch(`${P}/nodes/${b.id}`, { parentId: a.id })
  ])
  assert.deepEqual(swap.map(({ status }) => status).sort(), [200, 409])
})

test('a copy moves no bytes and has everything below it', async () => {
  const user = await createUser(admin)
  await user.store('album/2024/one.txt', 'one')
  await user.store('album/2024/two.txt', 'two')
  await user.store('album/cover.txt', 'cover')
  const { rootId } = await user.drive()
  const [album] = await user.children(rootId)
  const body = { parentId: rootId, name: 'again' }
  const copy = expectStatus(await user.post(`${P}/nodes/${album?.id}/copy`, body), 201).json<Node>()
  assert.notEqual(copy.id, album?.id)
  assert.equal((await user.read('again/2024/two.txt')).toString(), 'two')
  assert.equal((await user.get(`${P}/nodes/${copy.id}`)).json<Node>().treeSize, 11)
  expectProblem(await user.post(`${P}/nodes/${album?.id}/copy`, body), 409, 'name_taken')
  const beside = await user.post(`${P}/nodes/${album?.id}/copy`, { ...body, onConflict: 'rename' })
  assert.equal(expectStatus(beside, 201).json<Node>().name, 'again (2)')
  await user.store('again/2024/two.txt', 'changed')
  assert.equal((await user.read('album/2024/two.txt')).toString(), 'two')
})

test('ETags: unchanged is 304, a change anywhere below is seen, a stale write is 412', async () => {
  const user = await createUser(admin)
  const folder = await user.folder('watched')
  const etag = async () => String((await user.get(`${P}/nodes/${folder.id}`)).headers.etag)
  const before = await etag()
  const ifNoneMatch = { headers: { 'if-none-match': before } }
  expectStatus(await user.get(`${P}/nodes/${folder.id}`, ifNoneMatch), 304)
  await user.store('watched/deep/er/file.txt', 'x')
  expectStatus(await user.get(`${P}/nodes/${folder.id}`, ifNoneMatch), 200)
  const ifMatch = { headers: { 'if-match': before } }
  expectProblem(await user.patch(`${P}/nodes/${folder.id}`, { name: 'lost' }, ifMatch), 412, 'precondition_failed')
  expectProblem(await user.delete(`${P}/nodes/${folder.id}`, ifMatch), 412)
  const fresh = { headers: { 'if-match': await etag() } }
  expectStatus(await user.patch(`${P}/nodes/${folder.id}`, { name: 'won' }, fresh), 200)
})

test('many operations in one request, each with its own answer, or all or none', async () => {
  const user = await createUser(admin)
  const { rootId } = await user.drive()
  const [made, child] = [randomUUID(), randomUUID()]
  const operations = [
    { op: 'make_folder', opId: made, parentId: rootId, name: 'one' },
    { op: 'make_folder', opId: child, parentId: `op:${made}`, name: 'two' },
    { op: 'make_folder', parentId: rootId, name: 'bad/name' },
    { op: 'copy', nodeId: randomUUID(), parentId: rootId }
  ]
  const { results } = expectStatus(await user.post(`${P}/operations`, { operations }), 200).json<Results>()
  assert.deepEqual(
    results.map(({ error }) => error?.code === undefined),
    [true, true, false, false]
  )
  assert.equal(results[1]?.node?.parentId, results[0]?.node?.id)

  const again = expectStatus(
    await user.post(`${P}/operations`, { operations: operations.slice(0, 2) }),
    200
  ).json<Results>()
  assert.equal(again.results[1]?.node?.id, results[1]?.node?.id, 'repeated operation ids change nothing')

  const atomic = {
    atomic: true,
    operations: [
      { op: 'make_folder', parentId: rootId, name: 'never' },
      { op: 'trash', nodeId: randomUUID() }
    ]
  }
  await user.post(`${P}/operations`, atomic)
  expectProblem(await user.get(`${P}/resolve?path=/never`), 404)
})

test('an idempotency key makes a repeat harmless and a different request a 422', async () => {
  const user = await createUser(admin)
  const { rootId } = await user.drive()
  const key = { headers: { 'idempotency-key': randomUUID() } }
  const make = (name: string) => user.post(`${P}/folders`, { name, exclusive: true }, key)
  const first = expectStatus(await make('once'), 201).json<Node>()
  assert.equal(expectStatus(await make('once'), 201).json<Node>().id, first.id)
  expectProblem(await make('twice'), 422, 'idempotency_mismatch')
  assert.equal((await user.children(rootId)).length, 1)
})

test('the journal tells every change, in order and without gaps', async () => {
  const user = await createUser(admin)
  const { journalCursor, headSeq } = await user.drive()
  const folder = await user.folder('j')
  const file = await user.store('j/file.txt', 'a')
  await user.patch(`${P}/nodes/${file.id}`, { name: 'renamed.txt' })
  await user.store('j/renamed.txt', 'b')
  await user.delete(`${P}/nodes/${folder.id}`)
  const entries: Entry[] = []
  let cursor = journalCursor
  for (let more = true; more; ) {
    const page: Journal = expectStatus(await user.get(`${P}/journal?limit=2&cursor=${cursor}`), 200).json()
    entries.push(...page.entries)
    ;({ cursor, more } = page)
  }
  assert.deepEqual(
    entries.map(({ seq }) => seq),
    entries.map((_, index) => headSeq + 1 + index)
  )
  assert.deepEqual(entries.at(-1)?.nodeId, folder.id)
  assert.equal(entries.at(-1)?.state, 'trashed')
  const after = expectStatus(await user.get(`${P}/journal?cursor=${cursor}`), 200).json<Journal>()
  assert.deepEqual(after.entries, [])
})

test('FLT-060 parallel creates of one name: one winner, never two nodes of one name', async () => {
  const user = await createUser(admin)
  const { rootId } = await user.drive()
  const exclusive = Array.from({ length: 100 }, (_, index) =>
    user.post(`${P}/folders`, { name: index % 2 ? 'Race' : 'race', exclusive: true })
  )
  const statuses = (await Promise.all(exclusive)).map(({ status }) => status)
  assert.equal(statuses.filter((status) => status === 201).length, 1)
  assert.ok(statuses.every((status) => status === 201 || status === 409))

  const put = (index: number) =>
    user.put(`${P}/files/only-one.txt`, `writer ${index}`, { headers: { 'if-none-match': '*' } })
  const puts = await Promise.all(Array.from({ length: 50 }, (_, index) => put(index)))
  const winners = puts.flatMap(({ status }, index) => (status === 201 ? [index] : []))
  assert.equal(winners.length, 1)
  for (const reply of puts) if (reply.status !== 201) expectProblem(reply, 412)
  assert.equal((await user.read('only-one.txt')).toString(), `writer ${winners[0]}`)

  const [a, b] = [await user.folder('left'), await user.folder('right')]
  for (let round = 0; round < 10; round += 1) {
    await Promise.all([
      user.patch(`${P}/nodes/${a.id}`, { name: 'right' }),
      user.patch(`${P}/nodes/${b.id}`, { name: 'left' }),
      user.patch(`${P}/nodes/${a.id}`, { name: 'middle' })
    ])
    const names = (await user.children(rootId)).map(({ name }) => name.toLowerCase())
    assert.equal(new Set(names).size, names.length, String(names))
  }
})

test('SEC-010 nesting ends at a documented depth, and what is that deep can be copied, moved and removed', async () => {
  const user = await createUser(admin)
  let parentId = (await user.drive()).rootId
  let depth = 0
  for (let batch = 0; batch < 3; batch += 1) {
    const ids = Array.from({ length: 50 }, () => randomUUID())
    const operations = ids.map((opId, index) => ({
      op: 'make_folder',
      opId,
      parentId: index === 0 ? parentId : `op:${ids[index - 1]}`,
      name: 'd'
    }))
    const { results } = expectStatus(await user.post(`${P}/operations`, { operations }), 200).json<Results>()
    const applied = results.filter(({ error }) => error === undefined)
    depth += applied.length
    parentId = applied.at(-1)?.node?.id ?? parentId
    const [refused] = results.slice(applied.length)
    if (refused !== undefined) assert.equal(refused.error?.code, 'too_deep')
  }
  assert.ok(depth >= 100 && depth <= 255, `${depth} levels`)
  expectProblem(await user.post(`${P}/folders`, { name: 'deeper', parentId }), 409, 'too_deep')
  expectProblem(await user.put(`${P}/files/${'d/'.repeat(300)}f?parents=true`, 'x'), 409, 'too_deep')
  const { rootId } = await user.drive()
  const [top] = await user.children(rootId)
  expectStatus(await user.post(`${P}/nodes/${top?.id}/copy`, { parentId: rootId, name: 'copy' }), 201)
  const target = await user.folder('target')
  expectProblem(await user.patch(`${P}/nodes/${top?.id}`, { parentId: target.id }), 409, 'too_deep')
  expectStatus(await user.delete(`${P}/nodes/${top?.id}`), 204)
  expectStatus(await user.delete(`${P}/trash`), 204)
})

test('SEC-012 page sizes are bounded and cursors cannot be made up or used elsewhere', async () => {
  const user = await createUser(admin)
  const other = await createUser(admin)
  const [one, two] = [await user.folder('one'), await user.folder('two')]
  const operations = [one, two].flatMap(({ id }) =>
    Array.from({ length: 120 }, (_, index) => ({ op: 'make_folder', parentId: id, name: `n${index}` }))
  )
  expectStatus(await user.post(`${P}/operations`, { operations }), 200)
  const children = `${P}/nodes/${one.id}/children`
  for (const limit of ['-1', '0', '1e9', '1000000000', 'x', '1.5', '']) {
    expectProblem(await user.get(`${children}?limit=${limit}`), 400)
  }
  const first = expectStatus(await user.get(children), 200).json<Page<Node>>()
  assert.equal(first.items.length, 100)
  const cursor = first.nextCursor ?? ''
  const altered = `${cursor.slice(0, -2)}${cursor.endsWith('AA') ? 'BB' : 'AA'}`
  for (const bad of [altered, 'AAAA', Buffer.from('["n50"]').toString('base64url'), `${cursor}A`]) {
    expectProblem(await user.get(`${children}?cursor=${bad}`), 400, 'invalid_cursor')
  }
  expectProblem(await user.get(`${P}/nodes/${two.id}/children?cursor=${cursor}`), 400, 'invalid_cursor')
  expectProblem(await user.get(`${children}?cursor=${cursor}&order=desc`), 400, 'invalid_cursor')
  const { rootId, journalCursor } = await other.drive()
  expectProblem(await other.get(`${P}/nodes/${rootId}/children?cursor=${cursor}`), 400)
  expectProblem(await user.get(`${P}/journal?cursor=${journalCursor}`), 400)
})

test('SEC-119 floods and repeats in one request are refused or harmless', async () => {
  const user = await createUser(admin)
  const { rootId } = await user.drive()
  const folder = { op: 'make_folder', parentId: rootId, name: 'x' }
  const many = Array.from({ length: 501 }, () => folder)
  assert.ok([400, 413].includes((await user.post(`${P}/operations`, { operations: many })).status))
  const flood = Array.from({ length: 100_000 }, () => ({ op: 'trash', nodeId: rootId }))
  expectProblem(await user.post(`${P}/operations`, { operations: flood }), 413)
  expectProblem(await user.post(`${P}/operations`, { operations: [] }), 400)
  const opId = randomUUID()
  const twice = [
    { ...folder, opId },
    { ...folder, opId, name: 'y' }
  ]
  const doubled = await user.post(`${P}/operations`, { operations: twice })
  if (doubled.status === 200) {
    const codes = doubled.json<Results>().results.map(({ error }) => error?.code)
    assert.deepEqual(codes, [undefined, 'idempotency_mismatch'])
  } else expectProblem(doubled, 400)
  const stranger = await createUser(admin)
  const foreign = await stranger.folder('secret')
  const mixed = [
    { ...folder, name: 'mine' },
    { op: 'trash', nodeId: foreign.id },
    { op: 'trash', nodeId: randomUUID() }
  ]
  const { results } = expectStatus(await user.post(`${P}/operations`, { operations: mixed }), 200).json<Results>()
  assert.equal(results[0]?.error, undefined)
  assert.deepEqual(results[1]?.error, results[2]?.error, 'a foreign node is refused as an unknown one')
  assert.equal((await stranger.get(`${P}/nodes/${foreign.id}`)).status, 200)
})

testCoverage(import.meta.filename, server)
