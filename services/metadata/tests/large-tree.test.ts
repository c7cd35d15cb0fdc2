import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { sql } from 'kysely'
import { startMetadata, type TestMetadata } from './_metadata.ts'
import { addPerson, type Person } from './_tree.ts'

const ENTRIES = 100_000

/** A folder with 100,000 files, written as rows. */
const fill = async (metadata: TestMetadata, person: Person, folderId: string): Promise<void> => {
  const ids = sql`md5(${folderId}::text || n)::uuid`
  const db = metadata.database.query
  await sql`
    insert into metadata.node (vault_id, node_id, drive_id, parent_id, name, name_fold, kind, state, version_id, size,
      mtime_ms, content_rev, meta_rev, seq, tree_size, tree_rev, tree_height, created_ms, modified_ms)
    select ${person.id}, ${ids}, ${person.driveId}, ${folderId}, 'File ' || lpad(n::text, 6, '0'),
      'file ' || lpad(n::text, 6, '0'), 'file', 'live', ${ids}, 1, n, 1, 1, n + 2, 1, n + 2, 0, 0, 0
    from generate_series(1, ${ENTRIES}) as n
  `.execute(db)
  await sql`
    insert into metadata.version (vault_id, version_id, node_id, manifest_id, size, mtime_ms, user_id, device_id,
      created_seq, created_ms)
    select vault_id, version_id, node_id, '\\x01', size, mtime_ms, vault_id, '', seq, 0 from metadata.node
    where vault_id = ${person.id} and kind = 'file'
  `.execute(db)
  await sql`
    insert into metadata.version_fate (vault_id, version_id, fate, at_ms)
    select vault_id, version_id, 'committed', 0 from metadata.version where vault_id = ${person.id}
  `.execute(db)
  await sql`
    insert into metadata.journal (vault_id, drive_id, seq, op, node_id, parent_id, name, kind, state, version_id, size,
      mtime_ms, content_rev, meta_rev, actor_id, device_id, op_id, at_ms)
    select vault_id, drive_id, seq, 'put-file', node_id, parent_id, name, kind, state, version_id, size, mtime_ms,
      content_rev, meta_rev, vault_id, '', node_id, 0 from metadata.node where vault_id = ${person.id} and kind = 'file'
  `.execute(db)
  await sql`
    update metadata.node set tree_size = ${ENTRIES}, tree_rev = ${ENTRIES + 2}, tree_height = tree_height + 1
    where vault_id = ${person.id} and kind = 'folder'
  `.execute(db)
  await sql`update metadata.drive set head_seq = ${ENTRIES + 2} where vault_id = ${person.id}`.execute(db)
  await sql`update metadata.quota set used = ${ENTRIES} where vault_id = ${person.id}`.execute(db)
  await sql`analyze metadata.node`.execute(db)
}

describe('a folder with 100,000 entries', () => {
  let metadata: TestMetadata
  let person: Person
  let outer: string
  let big: string
  before(async () => {
    metadata = await startMetadata()
    person = await addPerson(metadata)
    outer = (await person.folder(person.rootId, 'outer')).nodeId
    big = (await person.folder(outer, 'big')).nodeId
    await fill(metadata, person, big)
  })
  after(async () => metadata[Symbol.asyncDispose]())

  const rowsTouched = async (work: () => Promise<unknown>): Promise<number> => {
    const changed = async (): Promise<number> => {
      const { rows } = await sql<{ n: number }>`
        select count(*) as n from metadata.node where vault_id = ${person.id} and xmin::text::bigint > ${mark}
      `.execute(metadata.database.query)
      return rows[0]?.n ?? -1
    }
    const { rows } = await sql<{ mark: number }>`select pg_current_xact_id()::text::bigint as mark`.execute(
      metadata.database.query
    )
    const mark = rows[0]?.mark ?? 0
    await work()
    return await changed()
  }

  it('is a sound tree', async () => {
    const report = await person.check()
    assert.equal(report.nodes, BigInt(ENTRIES + 3))
  })

  it('SEC-012 lists any page by one range of the index', async () => {
    const plan = await sql<{ 'QUERY PLAN': string }>`
      explain select * from metadata.node n where n.vault_id = ${person.id} and n.parent_id = ${big} and n.state = 'live'
      and n.drive_id = ${person.driveId} and n.name_fold > 'file 050000' order by n.name_fold asc limit 1000
    `.execute(metadata.database.query)
    const text = plan.rows.map((row) => row['QUERY PLAN']).join('\n')
    assert.match(text, /Index Scan using node_live_name/)
    assert.doesNotMatch(text, /Sort/)
    let seen = 0
    for (let cursor: string | null = ''; cursor !== null && seen < 3000; ) {
      const page = await person.api(
        'GET',
        `/nodes/${big}/children?limit=1000${cursor === '' ? '' : `&cursor=${cursor}`}`
      )
      assert.equal(page.body.items[0].name, `File ${String(seen + 1).padStart(6, '0')}`)
      seen += page.body.items.length
      cursor = page.body.nextCursor
    }
    assert.equal(seen, 3000)
  })

  it('is renamed, moved, trashed and restored by touching its ancestors only', async () => {
    const renamed = await rowsTouched(() => person.api('PATCH', `/nodes/${big}`, { name: 'bigger' }))
    assert.equal(renamed, 3)
    const moved = await rowsTouched(() => person.api('PATCH', `/nodes/${big}`, { parentId: person.rootId }))
    assert.equal(moved, 3)
    assert.equal((await person.api('GET', `/nodes/${outer}`)).body.treeSize, 0)
    assert.equal((await person.api('GET', '/resolve?path=bigger/file%20077777')).status, 200)
    assert.equal(await rowsTouched(() => person.api('DELETE', `/nodes/${big}`)), 2)
    assert.equal((await person.api('GET', '/resolve?path=bigger/file%20077777')).status, 404)
    assert.equal((await person.api('GET', `/nodes/${person.rootId}`)).body.treeSize, 0)
    assert.equal(await rowsTouched(() => person.api('POST', `/trash/${big}/restore`)), 2)
    assert.equal((await person.api('GET', `/nodes/${person.rootId}`)).body.treeSize, ENTRIES)
    await person.check()
  })

  it('is not copied: that is too much for one request', async () => {
    const copy = await person.api('POST', `/nodes/${big}/copy`, { parentId: outer })
    assert.deepEqual([copy.status, copy.body.code], [413, 'payload_too_large'])
    assert.equal(metadata.storage.copies.length, 0)
  })
})
