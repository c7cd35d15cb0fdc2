import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { CairnError } from '@cairn/contracts'
import { waitFor } from '@cairn/testing'
import { sql } from 'kysely'
import { recoverSessions } from '../src/jobs/recover.ts'
import { type Cluster, createCluster, type Replica } from './_cluster.ts'
import {
  fileContent,
  fileInfo,
  folderOf,
  noise,
  problemCode,
  send,
  sendJson,
  type TusUser,
  trash,
  tusCreate,
  tusHead,
  tusHeaders,
  tusMetadata,
  tusPatch
} from './_requests.ts'

describe('the end of a tus upload', () => {
  let cluster: Cluster
  let replica: Replica
  before(async () => {
    cluster = await createCluster()
    replica = await cluster.addReplica()
  })
  after(() => cluster[Symbol.asyncDispose]())
  const newUser = (): TusUser => ({ url: replica.url, user: cluster.uuid() })
  const refuse = (code: ConstructorParameters<typeof CairnError>[0]) => async () => {
    throw new CairnError(code, code)
  }
  const crash = (name: string, when: 'before' | 'after') =>
    cluster.faults.set(name, async (proceed) => {
      if (when === 'after') await proceed()
      throw new CairnError('unavailable', 'the process died')
    })
  const versions = (user: string) =>
    new Set(
      cluster.commits
        .filter((commit) => commit.userId === user)
        .flatMap(({ operations }) => operations.map(({ kind }) => kind.case === 'putFile' && kind.value.versionId))
    )

  it('over quota: 507, the bytes stay, a later empty PATCH or commit succeeds', async () => {
    for (const retry of ['patch', 'commit', 'head'] as const) {
      const me = newUser()
      const content = noise(1000)
      const path = await tusCreate(me, content.length, { filename: 'q.bin' })
      cluster.faults.set('commit', refuse('quota_exceeded'))
      const refused = await tusPatch(me, path, { offset: 0, body: content })
      assert.equal(refused.status, 507)
      assert.equal(refused.headers.get('upload-offset'), '1000')
      assert.equal(await problemCode(refused), 'quota_exceeded')
      const again = await tusHead(me, path)
      assert.equal(again.status, 507, 'no client may take it for finished')
      assert.equal(again.headers.get('upload-offset'), '1000')
      const status = await send(me.url, { method: 'GET', path: `${path}/status`, user: me.user })
      const shown = (await status.json()) as { state: string; error: string }
      assert.deepEqual([shown.state, shown.error], ['refused', 'quota_exceeded'])

      cluster.faults.clear()
      if (retry === 'patch') assert.equal((await tusPatch(me, path, { offset: 1000 })).status, 204)
      if (retry === 'head') assert.equal((await tusHead(me, path)).status, 200)
      if (retry === 'commit') {
        const call = { method: 'POST', path: `${path}/commit`, user: me.user }
        const first = await sendJson<{ nodeId: string }>(me.url, { ...call, json: {} })
        assert.deepEqual(await sendJson(me.url, { ...call, json: {} }), first)
      }
      assert.deepEqual(await fileContent(cluster, me.user, 'q.bin'), Buffer.from(content))
    }
  })

  it('over quota at creation-with-upload: the refusal says where the upload is', async () => {
    const me = newUser()
    cluster.faults.set('commit', refuse('quota_exceeded'))
    const refused = await send(me.url, {
      method: 'POST',
      path: '/v1/uploads',
      user: me.user,
      headers: tusHeaders({
        'upload-length': 4,
        'content-type': 'application/offset+octet-stream',
        'upload-metadata': tusMetadata({ filename: 'w.bin' })
      }),
      body: noise(4)
    })
    assert.equal(refused.status, 507)
    cluster.faults.clear()
    const path = refused.headers.get('location') ?? ''
    assert.equal((await tusPatch(me, path, { offset: 4 })).status, 204)
    assert.equal((await fileContent(cluster, me.user, 'w.bin'))?.length, 4)
  })

  it('SEC-043: a folder trashed, or a right revoked, before the last byte refuses the finish', async () => {
    const me = newUser()
    const path = await tusCreate(me, 4, { relativePath: 'box/f.bin' })
    await trash(cluster, me.user, await folderOf(cluster, me.user, 'box/f.bin'))
    const refused = await tusPatch(me, path, { offset: 0, body: noise(4) })
    assert.equal(refused.status, 409)
    assert.equal(await problemCode(refused), 'parent_gone')
    const other = await tusCreate(me, 4, { filename: 'g.bin' })
    cluster.faults.set('commit', refuse('forbidden'))
    assert.equal((await tusPatch(me, other, { offset: 0, body: noise(4) })).status, 403)
    cluster.faults.clear()
    assert.equal(await fileInfo(cluster, me.user, 'g.bin'), undefined)
  })

  for (const [name, when] of [
    ['seal', 'before'],
    ['seal', 'after'],
    ['commit', 'before'],
    ['commit', 'after'],
    ['abortUpload', 'before']
  ] as const) {
    it(`FLT-001: a crash ${when} ${name} is repaired by a retry with the same version`, async () => {
      const me = newUser()
      const content = noise(500_000)
      const path = await tusCreate(me, content.length, { filename: 'c.bin' })
      crash(name, when)
      const broken = await tusPatch(me, path, { offset: 0, body: content })
      assert.equal(broken.status, name === 'abortUpload' ? 204 : 503)
      cluster.faults.clear()
      assert.equal((await tusPatch(me, path, { offset: content.length })).status, 204)
      assert.deepEqual(await fileContent(cluster, me.user, 'c.bin'), Buffer.from(content))
      assert.equal(versions(me.user).size, 1)
    })

    it(`FLT-001: a crash ${when} ${name} is repaired by the recovery job`, async () => {
      const me = newUser()
      const content = noise(1000)
      const path = await tusCreate(me, content.length, { filename: 'j.bin' })
      crash(name, when)
      await tusPatch(me, path, { offset: 0, body: content })
      cluster.faults.clear()
      await recover()
      assert.deepEqual(await fileContent(cluster, me.user, 'j.bin'), Buffer.from(content))
      assert.equal(versions(me.user).size, 1)
      const head = await tusHead(me, path)
      assert.equal(head.headers.get('upload-offset'), '1000')
      assert.ok(head.headers.get('cairn-node-id'))
    })
  }

  const recover = () => recoverSessions(replica.context, { quietSeconds: 0, signal: new AbortController().signal })

  it('a version id the reconciler gave up meanwhile is replaced', async () => {
    const me = newUser()
    const path = await tusCreate(me, 4, { filename: 'r.bin' })
    crash('commit', 'before')
    await tusPatch(me, path, { offset: 0, body: noise(4) })
    let calls = 0
    cluster.faults.set('commit', async (proceed) => {
      calls += 1
      if (calls > 1) return await proceed()
      throw new CairnError('conflict', 'The content was given up before it was committed')
    })
    assert.equal((await tusPatch(me, path, { offset: 4 })).status, 204)
    cluster.faults.clear()
    assert.equal((await fileContent(cluster, me.user, 'r.bin'))?.length, 4)
  })

  it('parallel finishes of one upload give one version', async () => {
    const me = newUser()
    const path = await tusCreate(me, 4, { filename: 'p.bin' })
    crash('commit', 'before')
    await tusPatch(me, path, { offset: 0, body: noise(4) })
    cluster.faults.clear()
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        index % 2 === 0
          ? tusPatch(me, path, { offset: 4 })
          : send(me.url, { method: 'POST', path: `${path}/commit`, user: me.user })
      )
    )
    for (const answer of answers) assert.ok([200, 204].includes(answer.status), `${answer.status}`)
    assert.equal(versions(me.user).size, 1)
    assert.equal((await fileContent(cluster, me.user, 'p.bin'))?.length, 4)
  })

  it('SEC-054: an expired upload answers 410, then 404 once the job has been there', async () => {
    const me = newUser()
    const path = await tusCreate(me, 10)
    await tusPatch(me, path, { offset: 0, body: noise(4) })
    const uploadId = path.split('/').at(-1) ?? ''
    await sql`update upload.session set lease_until = now() - interval '1 second' where upload_id = ${uploadId}`.execute(
      replica.context.database.query
    )
    assert.equal((await tusHead(me, path)).status, 410)
    const late = await tusPatch(me, path, { offset: 4, body: noise(6) })
    assert.equal(late.status, 410)
    assert.equal(await problemCode(late), 'upload_expired')
    await replica.expire()
    assert.equal((await tusHead(me, path)).status, 404)
    await assert.rejects(
      async () => replica.context.storage.getUpload({ vaultId: me.user, uploadId }),
      (error: CairnError) => error.code === 'upload_expired'
    )
  })

  it('SEC-054: the expiry job leaves an upload alone whose lock is held', async () => {
    const me = newUser()
    const path = await tusCreate(me, 10)
    const key = { userId: me.user, uploadId: path.split('/').at(-1) ?? '' }
    const lock = await replica.context.locks.tryAcquire(key)
    await sql`update upload.session set lease_until = now() - interval '1 second' where upload_id = ${key.uploadId}`.execute(
      replica.context.database.query
    )
    await replica.expire()
    assert.ok(lock)
    lock.keepAlive(60)
    await lock.release()
    await replica.expire()
    await waitFor(async () => (await tusHead(me, path)).status === 200)
  })
})
