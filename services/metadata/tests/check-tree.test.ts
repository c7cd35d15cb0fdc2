import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { type RawBuilder, sql } from 'kysely'
import { startMetadata, type TestMetadata } from './_metadata.ts'
import { addPerson, type Person } from './_tree.ts'

describe('CheckTree', () => {
  let metadata: TestMetadata
  let person: Person
  let ids: { a: string; b: string; x: string; y: string; old: string; current: string }

  before(async () => {
    metadata = await startMetadata()
    // What the index prevents has to be plantable.
    await sql`drop index metadata.node_live_name`.execute(metadata.database.query)
  })
  after(async () => metadata[Symbol.asyncDispose]())

  /** /a/b/x with two versions, /a/y, and something in the trash. */
  beforeEach(async () => {
    person = await addPerson(metadata)
    const a = await person.folder(person.rootId, 'a')
    const b = await person.folder(a.nodeId, 'b')
    const old = await person.put(b.nodeId, 'x', { size: 3n })
    const x = await person.put(b.nodeId, 'x', { size: 5n })
    const y = await person.put(a.nodeId, 'y')
    const bin = await person.folder(person.rootId, 'bin')
    await person.put(bin.nodeId, 'z')
    await person.api('DELETE', `/nodes/${bin.nodeId}`)
    ids = { a: a.nodeId, b: b.nodeId, x: x.nodeId, y: y.nodeId, old: old.versionId, current: x.versionId }
    await person.check()
  })

  const run = async (statement: RawBuilder<unknown>): Promise<void> => {
    await statement.execute(metadata.database.query)
  }
  const findings = async (): Promise<{ code: string; subject: string }[]> => {
    const report = await metadata.rpc.checkTree({ vaultId: person.id })
    return report.findings.map(({ code, subject }) => ({ code, subject }))
  }
  const vault = () => sql`vault_id = ${person.id}`
  const set = (id: string, assignment: RawBuilder<unknown>) =>
    sql`update metadata.node set ${assignment} where ${vault()} and node_id = ${id}`

  /** Corruption → the finding that must be among those reported. */
  const plants: Record<string, () => { plant: RawBuilder<unknown>; code: string; subject: string }> = {
    'a root that is gone': () => ({
      plant: sql`delete from metadata.node where ${vault()} and node_id = ${person.rootId}`,
      code: 'drive_without_root',
      subject: person.driveId
    }),
    'a second root': () => ({ plant: set(ids.b, sql`parent_id = null`), code: 'stray_root', subject: ids.b }),
    'a parent that is gone': () => ({
      plant: sql`delete from metadata.node where ${vault()} and node_id = ${ids.b}`,
      code: 'orphan',
      subject: ids.x
    }),
    'a file as parent': () => ({
      plant: set(ids.x, sql`parent_id = ${ids.y}`),
      code: 'parent_not_folder',
      subject: ids.x
    }),
    'a parent in another drive': () => ({
      plant: set(ids.x, sql`drive_id = ${metadata.uuid()}`),
      code: 'parent_in_other_drive',
      subject: ids.x
    }),
    'a circle': () => ({ plant: set(ids.a, sql`parent_id = ${ids.b}`), code: 'unreachable', subject: ids.a }),
    'two equal names': () => ({
      plant: set(ids.b, sql`name = 'Y', name_fold = 'y'`),
      code: 'duplicate_name',
      subject: ''
    }),
    'a wrong fold': () => ({ plant: set(ids.x, sql`name_fold = 'q'`), code: 'name_fold_wrong', subject: ids.x }),
    'an impossible name': () => ({ plant: set(ids.x, sql`name = '..'`), code: 'invalid_name', subject: ids.x }),
    'a version that is gone': () => ({
      plant: sql`delete from metadata.version where ${vault()} and version_id = ${ids.current}`,
      code: 'file_without_version',
      subject: ids.x
    }),
    'another size': () => ({ plant: set(ids.x, sql`size = 6`), code: 'file_without_version', subject: ids.x }),
    'a version of another node': () => ({
      plant: set(ids.y, sql`version_id = ${ids.old}`),
      code: 'file_without_version',
      subject: ids.y
    }),
    'a folder with content': () => ({
      plant: set(ids.b, sql`version_id = ${ids.old}`),
      code: 'folder_with_content',
      subject: ids.b
    }),
    'a version without node': () => ({
      plant: sql`update metadata.version set node_id = ${metadata.uuid()} where ${vault()} and version_id = ${ids.old}`,
      code: 'version_without_node',
      subject: ids.old
    }),
    'an abandoned version': () => ({
      plant: sql`update metadata.version_fate set fate = 'abandoned' where ${vault()} and version_id = ${ids.old}`,
      code: 'version_not_committed',
      subject: ids.old
    }),
    'a wrong quota': () => ({
      plant: sql`update metadata.quota set used = used + 1 where ${vault()}`,
      code: 'quota_wrong',
      subject: person.id
    }),
    'a wrong sum': () => ({
      plant: set(ids.a, sql`tree_size = tree_size - 1`),
      code: 'tree_size_wrong',
      subject: ids.a
    }),
    'a stamp left behind': () => ({
      plant: set(ids.a, sql`tree_rev = tree_rev - 1`),
      code: 'tree_rev_behind',
      subject: ids.a
    }),
    'a height too low': () => ({ plant: set(ids.a, sql`tree_height = 1`), code: 'tree_height_low', subject: ids.a }),
    'a journal entry that is gone': () => ({
      plant: sql`delete from metadata.journal where ${vault()} and seq = 2`,
      code: 'journal_gap',
      subject: person.driveId
    }),
    'a head that ran ahead': () => ({
      plant: sql`update metadata.drive set head_seq = head_seq + 1 where ${vault()}`,
      code: 'journal_gap',
      subject: person.driveId
    }),
    'a change without journal': () => ({
      plant: set(ids.y, sql`meta_rev = 2`),
      code: 'journal_mismatch',
      subject: ids.y
    }),
    'a state without journal': () => ({
      plant: set(ids.y, sql`state = 'trashed', trashed_ms = 1`),
      code: 'journal_mismatch',
      subject: ids.y
    })
  }

  for (const [name, plant] of Object.entries(plants)) {
    it(`finds ${name}`, async () => {
      const planted = plant()
      await run(planted.plant)
      const found = await findings()
      const hit = found.some(
        ({ code, subject }) => code === planted.code && (planted.subject === '' || subject === planted.subject)
      )
      assert.ok(hit, JSON.stringify(found))
    })
  }

  it('finds what is too deep', async () => {
    let parent = ids.b
    await run(sql`
      insert into metadata.node (vault_id, node_id, drive_id, parent_id, name, name_fold, kind, state, size, mtime_ms,
        content_rev, meta_rev, seq, tree_size, tree_rev, tree_height, created_ms, modified_ms)
      select ${person.id}, ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, ${person.driveId},
        case n when 1 then ${ids.b}::uuid else ('00000000-0000-4000-8000-' || lpad((n - 1)::text, 12, '0'))::uuid end,
        'd', 'd', 'folder', 'live', 0, 0, 1, 1, 0, 0, 0, 200 - n, 0, 0 from generate_series(1, 150) as n`)
    parent = '00000000-0000-4000-8000-000000000127'
    assert.ok((await findings()).some(({ code, subject }) => code === 'too_deep' && subject === parent))
  })

  it('says nothing of other vaults', async () => {
    await run(sql`update metadata.quota set used = used + 1 where ${vault()}`)
    const other = await addPerson(metadata)
    await other.check()
  })
})
