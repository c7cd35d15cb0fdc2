import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { CairnError } from '@cairn/contracts'
import { startMetadata, type TestMetadata } from './_metadata.ts'
import { addPerson } from './_tree.ts'

const refusedWith = (code: string) => (error: unknown) => error instanceof CairnError && error.code === code

describe('contents of a selection', () => {
  let metadata: TestMetadata
  before(async () => {
    metadata = await startMetadata()
  })
  after(async () => metadata[Symbol.asyncDispose]())

  const build = async () => {
    const person = await addPerson(metadata)
    const a = await person.folder(person.rootId, 'a')
    const deep = await person.folder(a.nodeId, 'deep')
    const one = await person.put(a.nodeId, 'one')
    const two = await person.put(deep.nodeId, 'two')
    const three = await person.put(person.rootId, 'three')
    const list = (nodeIds: string[], limit = 100) =>
      metadata.rpc.listContents({ userId: person.id, drive: 'personal', nodeIds, limit })
    return { person, a, deep, one, two, three, list }
  }
  const names = (response: { nodes: { name: string }[] }): string[] => response.nodes.map(({ name }) => name)

  it('lists the given nodes first, parents before children, nothing twice', async () => {
    const { a, deep, three, list } = await build()
    assert.deepEqual(names(await list([])).slice(0, 1), [''])
    assert.deepEqual(names(await list([])).sort(), ['', 'a', 'deep', 'one', 'three', 'two'])
    const selection = await list([deep.nodeId, three.nodeId, a.nodeId, a.nodeId])
    assert.deepEqual(names(selection).slice(0, 2), ['three', 'a'])
    assert.deepEqual(names(selection).sort(), ['a', 'deep', 'one', 'three', 'two'])
    assert.equal((await list([deep.nodeId])).folderName, 'a')
    assert.equal(selection.folderName, '')
  })

  it('SEC-003 lists nothing of what is trashed, of other drives or unknown', async () => {
    const { person, a, one, deep, list } = await build()
    const stranger = await addPerson(metadata)
    await assert.rejects(
      metadata.rpc.listContents({ userId: stranger.id, drive: 'personal', nodeIds: [a.nodeId], limit: 9 }),
      refusedWith('not_found')
    )
    await assert.rejects(
      metadata.rpc.listContents({ userId: stranger.id, drive: person.driveId, nodeIds: [], limit: 9 }),
      refusedWith('not_found')
    )
    await assert.rejects(list([a.nodeId, metadata.uuid()]), refusedWith('not_found'))
    await person.api('DELETE', `/nodes/${deep.nodeId}`)
    assert.deepEqual(names(await list([a.nodeId])), ['a', 'one'])
    await assert.rejects(list([deep.nodeId]), refusedWith('not_found'))
    await person.api('DELETE', `/nodes/${a.nodeId}`)
    await assert.rejects(list([one.nodeId]), refusedWith('not_found'))
  })

  it('refuses more than the limit', async () => {
    const { list } = await build()
    assert.equal((await list([], 6)).nodes.length, 6)
    await assert.rejects(list([], 5), refusedWith('payload_too_large'))
    await assert.rejects(list([], 1), refusedWith('payload_too_large'))
  })

  it('names readable versions: of the drive, trashed files included, until they are purged', async () => {
    const { person, one, two } = await build()
    const stranger = await addPerson(metadata)
    const foreign = await stranger.put(stranger.rootId, 'x')
    const versionIds = [one.versionId, two.versionId, foreign.versionId, metadata.uuid()]
    const ask = async (userId: string, drive = person.driveId) =>
      (await metadata.rpc.authorizeVersions({ userId, drive, versionIds })).versions.map(({ versionId }) => versionId)
    assert.deepEqual((await ask(person.id)).sort(), [one.versionId, two.versionId].sort())
    await assert.rejects(ask(stranger.id), refusedWith('not_found'))
    assert.deepEqual(await ask(stranger.id, stranger.driveId), [foreign.versionId])
    await person.api('DELETE', `/nodes/${one.nodeId}`)
    assert.equal((await ask(person.id)).length, 2)
    await person.api('DELETE', `/trash/${one.nodeId}`)
    assert.deepEqual(await ask(person.id), [two.versionId])
  })
})
