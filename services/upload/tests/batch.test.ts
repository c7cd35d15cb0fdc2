import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { CairnError } from '@cairn/contracts'
import { type Cluster, createCluster, type Replica } from './_cluster.ts'
import { frameOf, frameStream } from './_frames.ts'
import { fileContent, fileInfo, noise, problemCode, send } from './_requests.ts'

interface Results {
  readonly results: readonly { opId: string; node?: { id: string; size: number }; error?: { code: string } }[]
}

describe('batch', () => {
  let cluster: Cluster
  let replica: Replica
  before(async () => {
    cluster = await createCluster()
    replica = await cluster.addReplica()
  })
  after(() => cluster[Symbol.asyncDispose]())

  const sendBatch = (user: string, contents: readonly Uint8Array[], operations: unknown) =>
    send(replica.url, {
      method: 'POST',
      path: '/v1/drives/personal/batch',
      user,
      headers: { 'content-type': 'application/vnd.cairn.frames' },
      body: frameStream(contents.map(frameOf), { operations, zstd: true })
    })
  const batch = async (user: string, contents: readonly Uint8Array[], ops: readonly unknown[]): Promise<Results> => {
    const response = await sendBatch(user, contents, { ops })
    assert.equal(response.status, 200, await response.clone().text())
    return (await response.json()) as Results
  }
  const put = (name: string, frame?: number, extra = {}) => ({
    op: 'put',
    opId: cluster.uuid(),
    name,
    ...(frame === undefined ? {} : { frame }),
    ...extra
  })

  it('makes a tree of small files in one request', async () => {
    const user = cluster.uuid()
    const contents = Array.from({ length: 50 }, (_, index) => noise(index * 100 + 1))
    const folder = { op: 'mkdir', opId: cluster.uuid(), name: 'tree' }
    const ops = [
      folder,
      ...contents.map((_, index) =>
        put(`${index}.bin`, index, { parentId: `op:${folder.opId}`, mtime: 1_600_000_000_000 })
      ),
      put('empty')
    ]
    const { results } = await batch(user, contents, ops)
    assert.equal(results.length, 52)
    assert.ok(results.every(({ error }) => error === undefined))
    for (const index of [0, 17, 49]) {
      assert.deepEqual(await fileContent(cluster, user, `tree/${index}.bin`), Buffer.from(contents[index] ?? []))
    }
    assert.equal((await fileContent(cluster, user, 'empty'))?.length, 0)
    assert.equal((await fileInfo(cluster, user, 'tree/3.bin'))?.mtimeMs, 1_600_000_000_000n)
  })

  it('moves and trashes; one refused operation does not fail the others', async () => {
    const user = cluster.uuid()
    const first = await batch(user, [noise(5)], [put('a', 0), put('b', 0)])
    const [a, b] = first.results.map(({ node }) => node?.id)
    const { results } = await batch(
      user,
      [noise(6)],
      [
        { op: 'move', opId: cluster.uuid(), nodeId: a, name: 'b' },
        { op: 'trash', opId: cluster.uuid(), nodeId: b },
        { op: 'move', opId: cluster.uuid(), nodeId: a, name: 'b' },
        put('b', 0, { onConflict: 'fail' }),
        put('..', 0),
        put('c', 0)
      ]
    )
    assert.deepEqual(
      results.map(({ error }) => error?.code),
      ['name_taken', undefined, undefined, 'name_taken', 'invalid_name', undefined]
    )
    assert.equal((await fileContent(cluster, user, 'b'))?.length, 5)
    assert.equal((await fileContent(cluster, user, 'c'))?.length, 6)
  })

  it('SEC-119: a repeat has one effect; the same id for another request does not pass', async () => {
    const user = cluster.uuid()
    const op = put('once', 0)
    const [first, second] = [await batch(user, [noise(9)], [op]), await batch(user, [noise(9)], [op])]
    assert.equal(first.results[0]?.error, undefined)
    assert.ok(second.results[0]?.node?.id === first.results[0]?.node?.id || second.results[0]?.error !== undefined)
    const other = await batch(user, [noise(8)], [{ ...op, name: 'other' }])
    assert.equal(other.results[0]?.error?.code, 'idempotency_mismatch')
    assert.equal(await fileInfo(cluster, user, 'other'), undefined)
  })

  it('FLT-014: a lost answer is repeated without harm', async () => {
    const user = cluster.uuid()
    const content = noise(100)
    const ops = [put('lost', 0)]
    cluster.faults.set('commit', async (proceed) => {
      await proceed()
      throw new CairnError('unavailable', 'lost')
    })
    assert.equal((await sendBatch(user, [content], { ops })).status, 503)
    cluster.faults.clear()
    const { results } = await batch(user, [content], ops)
    assert.equal(results[0]?.error, undefined)
    assert.deepEqual(await fileContent(cluster, user, 'lost'), Buffer.from(content))
  })

  it('SEC-119: too much, too many and malformed is refused whole', async () => {
    const user = cluster.uuid()
    const one = put('x')
    const many = Array.from({ length: 501 }, () => ({ op: 'mkdir', opId: cluster.uuid(), name: 'x' }))
    const large = Array.from({ length: 80 }, () => noise(250_000))
    const cases: [readonly Uint8Array[], unknown, number][] = [
      [[], { ops: many }, 413],
      [[noise(256 * 1024 + 1)], { ops: [put('x', 0)] }, 413],
      [large, { ops: [] }, 413],
      [[], { ops: [one, one] }, 400],
      [[], { ops: [put('x', 0)] }, 400],
      [[], { ops: [{ ...one, ownerId: user }] }, 400],
      [[], { ops: [{ op: 'purge', opId: cluster.uuid(), nodeId: cluster.uuid() }] }, 400],
      [[], { ops: [{ op: 'put', opId: cluster.uuid() }] }, 400],
      [[], { ops: [put('x', undefined, { nodeId: cluster.uuid() })] }, 400],
      [[], { ops: [put('x', undefined, { mtime: 'soon' })] }, 400],
      [[], { ops: [], more: 1 }, 400],
      [[], [], 400],
      [[], undefined, 400]
    ]
    for (const [contents, operations, status] of cases) {
      const response = await sendBatch(user, contents, operations)
      assert.equal(response.status, status, JSON.stringify(operations)?.slice(0, 100))
      assert.ok(['invalid_request', 'payload_too_large'].includes(await problemCode(response)))
    }
    const foreign = await send(replica.url, {
      method: 'POST',
      path: `/v1/drives/${cluster.uuid()}/batch`,
      user,
      headers: { 'content-type': 'application/vnd.cairn.batch' },
      body: frameStream([], { operations: { ops: [put('x')] } })
    })
    assert.equal(foreign.status, 404)
    assert.equal(cluster.commits.filter(({ userId }) => userId === user).length, 0)
  })
})
