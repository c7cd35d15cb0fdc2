import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Cluster, createCluster, type Replica } from './_cluster.ts'
import { fileContent, noise, send } from './_requests.ts'

describe('plain PUT', () => {
  let cluster: Cluster
  let replica: Replica
  before(async () => {
    cluster = await createCluster()
    replica = await cluster.addReplica()
  })
  after(() => cluster[Symbol.asyncDispose]())

  it('stores a file and then a new version of it', async () => {
    const user = cluster.uuid()
    const path = '/v1/drives/personal/files/notes.txt'
    const first = await send(replica.url, { method: 'PUT', path, user, body: 'one' })
    assert.equal(first.status, 201, await first.clone().text())
    const node = (await first.json()) as { id: string; versionId: string; size: number }
    assert.equal(first.headers.get('etag'), `"${node.versionId}"`)
    assert.equal(node.size, 3)
    const second = await send(replica.url, { method: 'PUT', path, user, body: noise(700_000) })
    assert.equal(second.status, 200)
    assert.equal((await fileContent(cluster, user, 'notes.txt'))?.length, 700_000)
  })
})
