import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import type { MetadataService, metadataV1 } from '@cairn/contracts'
import type { Client } from '@connectrpc/connect'
import { sql } from 'kysely'
import { startMetadata, type TestMetadata } from './_metadata.ts'
import { addPerson, folderOperation, type OperationInit, type Person, putOperation } from './_tree.ts'

type Rpc = Client<typeof MetadataService>

const codes = (results: readonly metadataV1.OperationResult[]): string[] => results.map(({ errorCode }) => errorCode)

describe('races', () => {
  let metadata: TestMetadata
  let person: Person
  /** Three processes on one database. */
  let processes: Rpc[]
  before(async () => {
    metadata = await startMetadata()
    processes = [metadata.rpc, await metadata.addReplica(), await metadata.addReplica()]
  })
  after(async () => metadata[Symbol.asyncDispose]())

  const commit = async (index: number, operations: OperationInit[]): Promise<metadataV1.OperationResult[]> => {
    const rpc = processes[index % processes.length] ?? metadata.rpc
    const answer = await rpc.commit({ userId: person.id, drive: person.driveId, deviceId: `d${index}`, operations })
    return answer.results
  }

  const parallel = <T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> =>
    Promise.all(Array.from({ length: count }, (_, index) => work(index)))

  it('keeps the journal gap-free and in order under 64 parallel writers, as a tailing reader sees it', async () => {
    person = await addPerson(metadata)
    let writing = true
    const seen: number[] = []
    const tail = async (): Promise<void> => {
      let cursor = ''
      for (let idle = 0; writing || idle < 2; ) {
        const page = await person.api('GET', `/journal?limit=50${cursor === '' ? '' : `&cursor=${cursor}`}`)
        assert.equal(page.status, 200, page.text)
        seen.push(...page.body.entries.map((entry: { seq: number }) => entry.seq))
        cursor = page.body.cursor
        idle = page.body.entries.length === 0 && !writing ? idle + 1 : 0
      }
    }
    const reading = tail()
    await parallel(64, async (writer) => {
      for (let round = 0; round < 5; round += 1) {
        const put = putOperation(metadata, { parentId: person.rootId, name: `w${writer}-${round}` })
        const doomed = putOperation(metadata, { parentId: metadata.uuid(), name: 'x' })
        assert.deepEqual(codes(await commit(writer, [put, doomed])), ['', 'not_found'])
      }
    })
    writing = false
    await reading
    assert.deepEqual(
      seen,
      Array.from({ length: 320 }, (_, index) => index + 1)
    )
    await person.check()
  })

  it('FLT-060 lets one of 100 parallel creates of a name win', async () => {
    person = await addPerson(metadata)
    const results = await parallel(100, (index) =>
      commit(index, [putOperation(metadata, { parentId: person.rootId, name: 'one', onConflict: 'fail' })])
    )
    const all = codes(results.flat())
    assert.equal(all.filter((code) => code === '').length, 1)
    assert.equal(all.filter((code) => code === 'name_taken').length, 99)
    await person.check()
  })

  it('FLT-060 gives 100 parallel creates of a name 100 names when asked to', async () => {
    person = await addPerson(metadata)
    const results = await parallel(100, (index) =>
      commit(index, [putOperation(metadata, { parentId: person.rootId, name: 'one.txt', onConflict: 'rename' })])
    )
    const names = results.flat().map(({ node }) => node?.name)
    const wanted = ['one.txt', ...Array.from({ length: 99 }, (_, index) => `one (${index + 2}).txt`)]
    assert.deepEqual(names.sort(), wanted.sort())
    await person.check()
  })

  it('FLT-060 makes 100 parallel creates of a name versions of one file by default', async () => {
    person = await addPerson(metadata)
    const results = await parallel(100, (index) =>
      commit(index, [putOperation(metadata, { parentId: person.rootId, name: 'One' })])
    )
    assert.equal(new Set(results.flat().map(({ node }) => node?.nodeId)).size, 1)
    const { versions } = await person.check()
    assert.equal(versions, 100n)
  })

  it('SEC-008 treats parallel creates of equal names as one name', async () => {
    person = await addPerson(metadata)
    const names = ['\u00e9', 'e\u0301', 'E\u0301', '\u00c9', 'é.', 'é ']
    const results = await parallel(names.length, (index) =>
      commit(index, [folderOperation(metadata, { parentId: person.rootId, name: names[index] ?? '', exclusive: true })])
    )
    assert.equal(codes(results.flat()).filter((code) => code === '').length, 1)
    await person.check()
  })

  it('never closes a circle when A goes into B and B into A', async () => {
    person = await addPerson(metadata)
    const move = (nodeId: string, parentId: string): OperationInit => ({
      opId: metadata.uuid(),
      kind: { case: 'move', value: { nodeId, parentId } }
    })
    for (let round = 0; round < 10; round += 1) {
      const a = await person.folder(person.rootId, `a${round}`)
      const b = await person.folder(person.rootId, `b${round}`)
      const results = await Promise.all([commit(0, [move(a.nodeId, b.nodeId)]), commit(1, [move(b.nodeId, a.nodeId)])])
      assert.deepEqual(codes(results.flat()).sort(), ['', 'would_cycle'])
    }
    await person.check()
  })

  it('SEC-050 lets 50 parallel uploads of 90 % use no more than the quota', async () => {
    person = await addPerson(metadata)
    await metadata.call(`${person.id}|admin`, {
      method: 'PUT',
      url: `/v1/admin/users/${person.id}/quota`,
      body: { limit: 1000 }
    })
    const results = await parallel(50, (index) =>
      commit(index, [putOperation(metadata, { parentId: person.rootId, name: `f${index}`, size: 900n })])
    )
    assert.equal(codes(results.flat()).filter((code) => code === '').length, 1)
    const drive = await person.api('GET', '')
    assert.deepEqual(drive.body.quota, { used: 900, limit: 1000 })
    await person.check()
  })

  it('applies one op id once, however often it is sent at the same time', async () => {
    person = await addPerson(metadata)
    const put = putOperation(metadata, { parentId: person.rootId, name: 'x', onConflict: 'rename' })
    const results = await parallel(30, (index) => commit(index, [put]))
    assert.equal(new Set(results.flat().map(({ node }) => node?.nodeId)).size, 1)
    const { versions } = await person.check()
    assert.equal(versions, 1n)
  })

  it('decides between a commit and a fence once and for ever', async () => {
    person = await addPerson(metadata)
    let committedFirst = 0
    for (let round = 0; round < 60; round += 1) {
      const versionId = metadata.uuid()
      const put = putOperation(metadata, { parentId: person.rootId, name: `r${round}`, versionId })
      const fence = () => metadata.rpc.fenceVersions({ vaultId: person.id, versionIds: [versionId] })
      const committing = commit(round, [put])
      for (let turn = 0; turn < (round % 12) * 4; turn += 1) await setImmediate()
      // Every twelfth fence comes too late for certain.
      if (round % 12 === 11) await committing
      const [results, fenced] = await Promise.all([committing, fence()])
      const isCommitted = results[0]?.errorCode === ''
      assert.deepEqual(fenced.committed, isCommitted ? [versionId] : [])
      if (!isCommitted) assert.equal(results[0]?.errorCode, 'conflict')
      assert.deepEqual((await fence()).committed, fenced.committed)
      assert.equal((await commit(round + 1, [put]))[0]?.errorCode, isCommitted ? '' : 'conflict')
      if (isCommitted) committedFirst += 1
    }
    assert.ok(committedFirst > 0)
    await person.check()
  })

  it('leaves an id free when the operation that offered it was refused', async () => {
    person = await addPerson(metadata)
    const versionId = metadata.uuid()
    const refused = putOperation(metadata, { parentId: metadata.uuid(), name: 'x', versionId })
    assert.deepEqual(codes(await commit(0, [refused])), ['not_found'])
    const put = putOperation(metadata, { parentId: person.rootId, name: 'x', versionId })
    assert.deepEqual(codes(await commit(0, [put])), [''])
    const twice = putOperation(metadata, { parentId: person.rootId, name: 'y', versionId })
    assert.deepEqual(codes(await commit(0, [twice])), ['conflict'])
    await person.check()
  })

  it('makes one personal drive for many first calls', async () => {
    const userId = metadata.uuid()
    const answers = await parallel(20, async (index) => {
      const rpc = processes[index % processes.length] ?? metadata.rpc
      return (await rpc.authorizeWrite({ userId, drive: 'personal', place: { path: 'x' } })).driveId
    })
    assert.equal(new Set(answers).size, 1)
    const { rows } = await sql`select 1 from metadata.drive where vault_id = ${userId}`.execute(metadata.database.query)
    assert.equal(rows.length, 1)
  })

  it('fails only the request the database refuses', async () => {
    person = await addPerson(metadata)
    const trigger = sql`
      create function metadata.refuse() returns trigger language plpgsql as $$ begin
        if new.name = 'poison' then raise exception 'refused by the test'; end if; return new; end $$;
      create trigger refuse before insert on metadata.node for each row execute function metadata.refuse();
    `
    await trigger.execute(metadata.database.query)
    try {
      const put = (name: string) =>
        metadata.rpc.commit({
          userId: person.id,
          drive: person.driveId,
          operations: [putOperation(metadata, { parentId: person.rootId, name })]
        })
      const results = await Promise.allSettled([put('a'), put('poison'), put('b')])
      assert.deepEqual(
        results.map(({ status }) => status),
        ['fulfilled', 'rejected', 'fulfilled']
      )
    } finally {
      await sql`drop trigger refuse on metadata.node`.execute(metadata.database.query)
    }
    await person.check()
  })
})
