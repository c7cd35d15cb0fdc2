import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Cluster, createCluster, type Replica } from './_cluster.ts'
import { noise, problemCode, send, tusCreate, tusHeaders, tusPatch } from './_requests.ts'

interface Status {
  readonly id: string
  readonly state: string
  readonly name: string
  readonly offset: number
  readonly received: number
  readonly length: number | null
  readonly nodeId: string | null
}

describe('uploads as their user sees them', () => {
  let cluster: Cluster
  let replica: Replica
  before(async () => {
    cluster = await createCluster({ upload: { maxOpenSessions: 3 } })
    replica = await cluster.addReplica()
  })
  after(() => cluster[Symbol.asyncDispose]())

  const list = async (user: string, query = ''): Promise<readonly Status[]> => {
    const response = await send(replica.url, { method: 'GET', path: `/v1/uploads${query}`, user })
    assert.equal(response.status, 200)
    return ((await response.json()) as { items: Status[] }).items
  }

  it('lists progress from any credential of the user, nobody else’s', async () => {
    const me = { url: replica.url, user: cluster.uuid() }
    const open = await tusCreate(me, 100, { filename: 'open.bin' })
    await tusPatch(me, open, { offset: 0, body: noise(40) })
    const done = await tusCreate(me, 3, { filename: 'done.bin' })
    await tusPatch(me, done, { offset: 0, body: noise(3) })

    const active = await list(`${me.user}|files:read`)
    assert.equal(active.length, 1)
    const [shown] = active
    assert.deepEqual(
      {
        name: shown?.name,
        state: shown?.state,
        offset: shown?.offset,
        received: shown?.received,
        length: shown?.length
      },
      { name: 'open.bin', state: 'open', offset: 40, received: 40, length: 100 }
    )
    const all = await list(me.user, '?state=all')
    assert.deepEqual(
      all.map(({ name, state }) => [name, state]),
      [
        ['done.bin', 'done'],
        ['open.bin', 'open']
      ]
    )
    assert.ok(all[0]?.nodeId)
    assert.deepEqual(await list(cluster.uuid(), '?state=all'), [])
    assert.equal((await list(me.user, '?state=all&limit=1')).length, 1)
    for (const query of ['?limit=0', '?limit=100000', '?state=x', '?user=x']) {
      assert.equal(
        (await send(me.url, { method: 'GET', path: `/v1/uploads${query}`, user: me.user })).status,
        400,
        query
      )
    }
  })

  it('SEC-045: a status is its user’s alone', async () => {
    const me = { url: replica.url, user: cluster.uuid() }
    const path = await tusCreate(me, 1)
    for (const [user, target, status] of [
      [me.user, path, 200],
      [cluster.uuid(), path, 404],
      [me.user, `/v1/uploads/${cluster.uuid()}`, 404],
      [me.user, '/v1/uploads/x', 404]
    ] as const) {
      assert.equal((await send(me.url, { method: 'GET', path: `${target}/status`, user })).status, status)
    }
    assert.equal((await send(me.url, { method: 'GET', path: `${path}/status` })).status, 401)
  })

  it('bounds the number of unfinished uploads', async () => {
    const me = { url: replica.url, user: cluster.uuid() }
    for (let index = 0; index < 3; index += 1) await tusCreate(me, 10)
    const refused = await send(me.url, {
      method: 'POST',
      path: '/v1/uploads',
      user: me.user,
      headers: tusHeaders({ 'upload-length': 1 })
    })
    assert.equal(refused.status, 429)
    assert.equal(await problemCode(refused), 'rate_limited')
    assert.ok(refused.headers.get('retry-after'))
  })

  it('an incomplete upload cannot be committed', async () => {
    const me = { url: replica.url, user: cluster.uuid() }
    const path = await tusCreate(me, 10)
    await tusPatch(me, path, { offset: 0, body: noise(4) })
    const refused = await send(me.url, { method: 'POST', path: `${path}/commit`, user: me.user })
    assert.equal(refused.status, 409)
    assert.equal(await problemCode(refused), 'upload_incomplete')
  })
})
