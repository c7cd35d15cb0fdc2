import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { startMetadata, type TestMetadata } from './_metadata.ts'
import { addPerson, folderOperation, type Person, putOperation } from './_tree.ts'

describe('commit', () => {
  let metadata: TestMetadata
  let person: Person
  before(async () => {
    metadata = await startMetadata()
  })
  after(async () => metadata[Symbol.asyncDispose]())

  it('puts files and folders, versions and journal in one go', async () => {
    person = await addPerson(metadata)
    const folder = folderOperation(metadata, { parentId: person.rootId, name: 'a' })
    const put = putOperation(metadata, { parentId: `op:${folder.opId}`, name: 'x.txt', size: 7n })
    const { results, headSeq } = await person.commit([folder, put])
    assert.deepEqual(
      results.map(({ errorCode }) => errorCode),
      ['', '']
    )
    assert.equal(headSeq, 2n)
    const [made, file] = results.map(({ node }) => node)
    assert.equal(file?.parentId, made?.nodeId)
    const root = await person.api('GET', `/nodes/${person.rootId}`)
    assert.equal(root.body.treeSize, 7)
    assert.equal(root.body.treeRev, 2)
    const journal = await person.api('GET', '/journal')
    assert.deepEqual(
      journal.body.entries.map(({ op, name, seq }: never) => ({ op, name, seq })),
      [
        { op: 'make-folder', name: 'a', seq: 1 },
        { op: 'put-file', name: 'x.txt', seq: 2 }
      ]
    )
    await person.check()
  })

  it('answers a repeat with the stored result, and refuses the id for another request', async () => {
    person = await addPerson(metadata)
    const put = putOperation(metadata, { parentId: person.rootId, name: 'x' })
    const first = await person.commit([put])
    const again = await person.commit([put])
    assert.deepEqual(again.results[0]?.node, first.results[0]?.node)
    assert.equal(again.headSeq, 1n)
    const other = { ...putOperation(metadata, { parentId: person.rootId, name: 'y' }), opId: put.opId as string }
    assert.equal((await person.commit([other])).results[0]?.errorCode, 'idempotency_mismatch')
    await person.check()
  })

  it('applies an atomic request all or nothing', async () => {
    person = await addPerson(metadata)
    const good = folderOperation(metadata, { parentId: person.rootId, name: 'good' })
    const bad = folderOperation(metadata, { parentId: metadata.uuid(), name: 'bad' })
    const refused = await person.commit([good, bad], true)
    assert.deepEqual(
      refused.results.map(({ errorCode }) => errorCode),
      ['conflict', 'not_found']
    )
    assert.equal(refused.headSeq, 0n)
    const independent = await person.commit([good, bad])
    assert.deepEqual(
      independent.results.map(({ errorCode }) => errorCode),
      ['', 'not_found']
    )
    await person.check()
  })
})
