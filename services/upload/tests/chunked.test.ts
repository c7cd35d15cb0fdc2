import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { constants, zstdCompressSync } from 'node:zlib'
import { encodeFrame, encodeStreamEnd, encodeStreamHeader } from '@cairn/chunking'
import { type Cluster, createCluster, type Replica } from './_cluster.ts'
import { base64, frameOf, frameStream } from './_frames.ts'
import { fileContent, noise, problemCode, send, sendJson } from './_requests.ts'

interface Opened {
  readonly uploadId: string
  readonly profile: number
  readonly chunkingKey: string
  readonly leaseUntil: string
}
interface Results {
  readonly results: readonly {
    opId: string
    node?: { id: string; versionId: string; size: number; parentId: string }
    error?: { code: string }
  }[]
}

describe('uploads of clients that chunk', () => {
  let cluster: Cluster
  let replica: Replica
  before(async () => {
    cluster = await createCluster()
    replica = await cluster.addReplica()
  })
  after(() => cluster[Symbol.asyncDispose]())

  const base = '/v1/drives/personal/uploads'
  const open = (user: string, clientKey = 'k'): Promise<Opened> =>
    sendJson(replica.url, { method: 'POST', path: base, user, json: { clientKey } })
  const have = (user: string, id: string, wireIds: readonly string[]): Promise<{ need: number[] }> =>
    sendJson(replica.url, { method: 'POST', path: `${base}/${id}/have`, user, json: { wireIds } })
  const putFrames = (user: string, id: string, body: Uint8Array<ArrayBuffer>) =>
    send(replica.url, {
      method: 'PUT',
      path: `${base}/${id}/frames`,
      user,
      headers: { 'content-type': 'application/vnd.cairn.frames' },
      body
    })
  const commit = (user: string, id: string, json: unknown): Promise<Results> =>
    sendJson(replica.url, { method: 'POST', path: `${base}/${id}/commit`, user, json })
  const chunksOf = (frames: readonly ReturnType<typeof frameOf>[]) =>
    frames.map(({ wireId, bytes }) => ({ wireId: base64(wireId), length: bytes.length }))

  it('opens once per client key', async () => {
    const user = cluster.uuid()
    const [first, second] = await Promise.all([open(user), open(user)])
    assert.equal(first.uploadId, second.uploadId)
    assert.equal(first.profile, 1)
    assert.equal(Buffer.from(first.chunkingKey, 'base64').length, 32)
    assert.ok(Date.parse(first.leaseUntil) > Date.now() + 6 * 24 * 3600 * 1000)
    assert.notEqual((await open(user, 'other')).uploadId, first.uploadId)
    assert.notEqual((await open(cluster.uuid())).uploadId, first.uploadId)
  })

  it('sends what is missing and commits many files and folders', async () => {
    const user = cluster.uuid()
    const { uploadId } = await open(user)
    const frames = [noise(300_000), noise(1_000_000), noise(10), new Uint8Array(500_000).fill(7)].map(frameOf)
    const ids = frames.map(({ wireId }) => base64(wireId))
    assert.deepEqual((await have(user, uploadId, ids)).need, [0, 1, 2, 3])
    assert.equal((await putFrames(user, uploadId, frameStream(frames, { zstd: true }))).status, 204)
    const hex = frames.map(({ wireId }) => Buffer.from(wireId).toString('hex'))
    assert.deepEqual((await have(user, uploadId, hex)).need, [])

    const folder = { opId: cluster.uuid(), name: 'docs' }
    const inner = { opId: cluster.uuid(), parentId: `op:${folder.opId}`, name: 'inner' }
    const files = [
      { opId: cluster.uuid(), name: 'root.bin', chunks: chunksOf(frames.slice(0, 2)), size: 1_300_000 },
      { opId: cluster.uuid(), parentId: `op:${inner.opId}`, name: 'deep.bin', chunks: chunksOf(frames.slice(2)) },
      {
        opId: cluster.uuid(),
        path: 'by/path/file.bin',
        chunks: chunksOf(frames.slice(2, 3)),
        mtime: '2021-01-01T00:00:00Z'
      },
      { opId: cluster.uuid(), path: 'by/path/empty', chunks: [] },
      { opId: cluster.uuid(), path: 'by/../x', chunks: [] }
    ]
    const body = { folders: [folder, inner], files }
    const { results } = await commit(user, uploadId, body)
    assert.deepEqual(
      results.map(({ opId }) => opId),
      [...body.folders, ...files].map(({ opId }) => opId)
    )
    assert.deepEqual(
      results.map(({ error }) => error?.code),
      [undefined, undefined, undefined, undefined, undefined, undefined, 'invalid_name']
    )
    const bytes = frames.map((frame) => frame.bytes)
    assert.deepEqual(await fileContent(cluster, user, 'root.bin'), Buffer.concat(bytes.slice(0, 2)))
    assert.deepEqual(await fileContent(cluster, user, 'docs/inner/deep.bin'), Buffer.concat(bytes.slice(2)))
    assert.deepEqual(await fileContent(cluster, user, 'by/path/file.bin'), Buffer.from(bytes[2] ?? []))
    assert.equal((await fileContent(cluster, user, 'by/path/empty'))?.length, 0)

    const again = await commit(user, uploadId, body)
    assert.deepEqual(again.results.slice(0, 6), results.slice(0, 6))
  })

  it('a new version by node id, guarded by its revision', async () => {
    const user = cluster.uuid()
    const { uploadId } = await open(user)
    const frames = [frameOf(noise(100)), frameOf(noise(200))]
    await putFrames(user, uploadId, frameStream(frames))
    const first = { opId: cluster.uuid(), name: 'v.bin', chunks: chunksOf(frames.slice(0, 1)) }
    const { results } = await commit(user, uploadId, { files: [first] })
    const nodeId = results[0]?.node?.id
    const edit = (baseRev: number) => ({ opId: cluster.uuid(), nodeId, chunks: chunksOf(frames.slice(1)), baseRev })
    const refused = await commit(user, uploadId, { files: [edit(99)] })
    assert.equal(refused.results[0]?.error?.code, 'precondition_failed')
    assert.equal(refused.results[0]?.node?.size, 100)
    const applied = await commit(user, uploadId, { files: [edit(1)] })
    assert.equal(applied.results[0]?.node?.size, 200)
  })

  it('SEC-036: an id alone buys nothing', async () => {
    const owner = cluster.uuid()
    const thief = cluster.uuid()
    const frame = frameOf(noise(100_000))
    const mine = await open(owner)
    await putFrames(owner, mine.uploadId, frameStream([frame]))
    await commit(owner, mine.uploadId, { files: [{ opId: cluster.uuid(), name: 'f', chunks: chunksOf([frame]) }] })
    const theirs = await open(thief)
    assert.deepEqual((await have(thief, theirs.uploadId, [base64(frame.wireId)])).need, [0])
    const stolen = { files: [{ opId: cluster.uuid(), name: 'f', chunks: chunksOf([frame]) }] }
    await assert.rejects(commit(thief, theirs.uploadId, stolen), /409 .*chunk_missing/)
    await assert.rejects(commit(owner, (await open(owner, 'fresh')).uploadId, stolen), /409 .*chunk_missing/)
  })

  it('SEC-045: uploads of others and of other kinds answer as unknown ones', async () => {
    const user = cluster.uuid()
    const { uploadId } = await open(user)
    await assert.rejects(have(cluster.uuid(), uploadId, []), /404/)
    await assert.rejects(have(user, cluster.uuid(), []), /404/)
    await assert.rejects(have(user, 'x', []), /404/)
    assert.equal((await putFrames(cluster.uuid(), uploadId, frameStream([frameOf(noise(1))]))).status, 404)
    const head = await send(replica.url, {
      method: 'HEAD',
      path: `/v1/uploads/${uploadId}`,
      user,
      headers: { 'tus-resumable': '1.0.0' }
    })
    assert.equal(head.status, 404)
    const other = `/v1/drives/${cluster.uuid()}/uploads/${uploadId}/have`
    await assert.rejects(sendJson(replica.url, { method: 'POST', path: other, user, json: { wireIds: [] } }), /404/)
    const gone = await send(replica.url, { method: 'DELETE', path: `${base}/${uploadId}`, user })
    assert.equal(gone.status, 204)
    await assert.rejects(have(user, uploadId, []), /404/)
  })

  it('SEC-069: frames are bounded by what they declare', async () => {
    const user = cluster.uuid()
    const { uploadId } = await open(user)
    const craft = (plainLength: number, stored: Uint8Array, wireId = frameOf(stored).wireId) =>
      new Uint8Array(
        Buffer.concat([
          encodeStreamHeader(),
          ...encodeFrame({ wireId, plainLength, encoding: 'zstd', stored }),
          encodeStreamEnd()
        ])
      )
    const zeros = Buffer.alloc(64 * 1024 * 1024)
    const bomb = zstdCompressSync(zeros)
    const wide = zstdCompressSync(zeros, {
      params: { [constants.ZSTD_c_windowLog]: 27, [constants.ZSTD_c_enableLongDistanceMatching]: 1 }
    })
    const cases: [Uint8Array<ArrayBuffer>, number, string][] = [
      [craft(1_000_000, bomb), 400, 'chunk_corrupt'],
      [craft(4 * 1024 * 1024, wide), 400, 'chunk_corrupt'],
      [craft(zeros.length, bomb), 413, 'payload_too_large'],
      [craft(100, noise(50)), 400, 'chunk_corrupt'],
      [frameStream([{ ...frameOf(noise(10)), bytes: noise(10) }]), 400, 'chunk_corrupt'],
      [frameStream([frameOf(noise(10))]).slice(0, -1), 400, 'invalid_request'],
      [new Uint8Array(Buffer.from('nonsense')), 400, 'invalid_request'],
      [frameStream([frameOf(noise(10))], { operations: { ops: [] } }), 400, 'invalid_request'],
      [frameStream(Array.from({ length: 5 }, () => frameOf(noise(4 * 1024 * 1024)))), 413, 'payload_too_large']
    ]
    for (const [body, status, code] of cases) {
      const response = await putFrames(user, uploadId, body)
      assert.equal(response.status, status, code)
      assert.equal(await problemCode(response), code)
    }
    const wrongType = await send(replica.url, {
      method: 'PUT',
      path: `${base}/${uploadId}/frames`,
      user,
      headers: { 'content-type': 'application/octet-stream' },
      body: frameStream([])
    })
    assert.equal(wrongType.status, 415)
  })

  it('SEC-031, SEC-119: unknown fields, floods and double op ids are refused', async () => {
    const user = cluster.uuid()
    const { uploadId } = await open(user)
    const file = (extra = {}) => ({ opId: cluster.uuid(), name: 'f', chunks: [], ...extra })
    const twice = file()
    for (const [body, status] of [
      [{ files: [file({ ownerId: user })] }, 400],
      [{ files: [twice, twice] }, 400],
      [{ files: Array.from({ length: 501 }, () => file()) }, 400],
      [{ files: [file({ name: undefined })] }, 400],
      [{ files: [file({ path: 'x' })] }, 400],
      [{ files: [file({ size: 5 })] }, 400],
      [{ files: [file({ chunks: [{ wireId: 'AA', length: 1 }] })] }, 400],
      [{ files: [file({ mtime: 'soon' })] }, 400],
      [{ files: 'x' }, 400]
    ] as const) {
      await assert.rejects(
        commit(user, uploadId, body),
        new RegExp(`^Error: ${status}`),
        JSON.stringify(body).slice(0, 80)
      )
    }
    const ids = Array.from({ length: 1001 }, () => base64(noise(32)))
    await assert.rejects(have(user, uploadId, ids), /^Error: 400/)
    await assert.rejects(
      sendJson(replica.url, { method: 'POST', path: base, user, json: { clientKey: 'k', quota: 1 } }),
      /^Error: 400/
    )
  })
})
