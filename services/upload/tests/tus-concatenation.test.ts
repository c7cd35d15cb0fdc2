import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { CairnError } from '@cairn/contracts'
import { recoverSessions } from '../src/jobs/recover.ts'
import { type Cluster, createCluster, type Replica } from './_cluster.ts'
import { fileContent, noise, send, type TusUser, tusHead, tusHeaders, tusMetadata, tusPatch } from './_requests.ts'

describe('tus concatenation', () => {
  let cluster: Cluster
  let replica: Replica
  before(async () => {
    cluster = await createCluster()
    replica = await cluster.addReplica()
  })
  after(() => cluster[Symbol.asyncDispose]())

  const create = ({ url, user }: TusUser, headers: Record<string, string | number>) =>
    send(url, { method: 'POST', path: '/v1/uploads', user, headers: tusHeaders(headers) })

  const uploadPart = async (me: TusUser, content: Uint8Array<ArrayBuffer>): Promise<string> => {
    const created = await create(me, { 'upload-length': content.length, 'upload-concat': 'partial' })
    assert.equal(created.status, 201, await created.text())
    const path = created.headers.get('location') ?? ''
    if (content.length > 0) assert.equal((await tusPatch(me, path, { offset: 0, body: content })).status, 204)
    return path
  }
  const concatenate = (me: TusUser, parts: readonly string[], name: string) =>
    create(me, { 'upload-concat': `final;${parts.join(' ')}`, 'upload-metadata': tusMetadata({ filename: name }) })

  it('joins parts in order, by relative and absolute URLs', async () => {
    const me = { url: replica.url, user: cluster.uuid() }
    const contents = [noise(700_000), noise(0), noise(3), noise(1_500_000)]
    const parts = await Promise.all(contents.map((content) => uploadPart(me, content)))
    const urls = parts.map((path, index) => (index % 2 === 0 ? path : `https://elsewhere.example${path}`))
    const final = await concatenate(me, urls, 'joined.bin')
    assert.equal(final.status, 201, await final.text())
    assert.ok(final.headers.get('cairn-node-id'))
    assert.deepEqual(await fileContent(cluster, me.user, 'joined.bin'), Buffer.concat(contents))
    const path = final.headers.get('location') ?? ''
    const head = await tusHead(me, path)
    assert.equal(head.headers.get('upload-offset'), head.headers.get('upload-length'))
    assert.equal(head.headers.get('upload-concat'), `final;${parts.join(' ')}`)
    for (const part of parts) assert.equal((await tusHead(me, part)).status, 404)
    assert.equal((await tusPatch(me, path, { offset: 2_200_003, body: noise(1) })).status, 403)

    const again = await concatenate(me, parts, 'joined.bin')
    assert.equal(again.status, 201)
    assert.equal(again.headers.get('location'), path)
    assert.equal(cluster.commits.filter(({ userId }) => userId === me.user).length, 1)
  })

  it('a part is no file', async () => {
    const me = { url: replica.url, user: cluster.uuid() }
    const part = await uploadPart(me, noise(10))
    const head = await tusHead(me, part)
    assert.equal(head.headers.get('upload-concat'), 'partial')
    assert.equal(head.headers.get('upload-offset'), '10')
    assert.equal(cluster.commits.filter(({ userId }) => userId === me.user).length, 0)
    const commit = await send(me.url, { method: 'POST', path: `${part}/commit`, user: me.user })
    assert.equal(commit.status, 400)
  })

  it('SEC-045: foreign, unknown, unfinished and non-partial uploads cannot be joined', async () => {
    const me = { url: replica.url, user: cluster.uuid() }
    const foreign = await uploadPart({ url: replica.url, user: cluster.uuid() }, noise(5))
    const mine = await uploadPart(me, noise(5))
    const unfinished =
      (await create(me, { 'upload-length': 5, 'upload-concat': 'partial' })).headers.get('location') ?? ''
    const plain = (await create(me, { 'upload-length': 5 })).headers.get('location') ?? ''
    assert.equal((await concatenate(me, [mine, foreign], 'x')).status, 404)
    assert.equal((await concatenate(me, [`/v1/uploads/${cluster.uuid()}`], 'x')).status, 404)
    assert.equal((await concatenate(me, [mine, unfinished], 'x')).status, 409)
    assert.equal((await concatenate(me, [plain], 'x')).status, 400)
    for (const header of ['final;', 'final', 'final;/etc/passwd', 'both', 'final;/v1/uploads/../x', 'final;http://[']) {
      const { status } = await create(me, { 'upload-concat': header })
      assert.ok(status === 400 || status === 404, `${header} → ${status}`)
    }
    const withLength = await create(me, { 'upload-concat': `final;${mine}`, 'upload-length': 5 })
    assert.equal(withLength.status, 400)
    assert.equal((await tusHead(me, mine)).headers.get('upload-offset'), '5')
  })

  for (const name of ['seal', 'releaseReferences', 'commit']) {
    it(`FLT-001: a crash at ${name} while parts are joined is repaired`, async () => {
      const me = { url: replica.url, user: cluster.uuid() }
      const contents = [noise(300_000), noise(400_000)]
      const parts = await Promise.all(contents.map((content) => uploadPart(me, content)))
      let calls = 0
      cluster.faults.set(name, async (proceed) => {
        calls += 1
        if (calls === (name === 'commit' ? 1 : 2)) throw new CairnError('unavailable', 'the process died')
        return await proceed()
      })
      const broken = await concatenate(me, parts, 'crashed.bin')
      assert.equal(broken.status, name === 'releaseReferences' ? 201 : 503)
      cluster.faults.clear()
      if (name === 'commit')
        await recoverSessions(replica.context, { quietSeconds: 0, signal: replica.context.stopping })
      const again = await concatenate(me, parts, 'crashed.bin')
      assert.equal(again.status, 201)
      assert.equal(again.headers.get('location'), broken.headers.get('location'))
      assert.deepEqual(await fileContent(cluster, me.user, 'crashed.bin'), Buffer.concat(contents))
    })
  }
})
