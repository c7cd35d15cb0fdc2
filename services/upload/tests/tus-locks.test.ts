import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { waitFor } from '@cairn/testing'
import { sql } from 'kysely'
import { renewLock, takeLock } from '../src/store/locks.ts'
import { type Cluster, createCluster, type Replica } from './_cluster.ts'
import { openRaw, type RawRequest } from './_raw.ts'
import {
  fileContent,
  noise,
  send,
  type TusUser,
  tusCreate,
  tusHead,
  tusHeaders,
  tusOffset,
  tusPatch
} from './_requests.ts'

describe('one writer per upload', () => {
  let cluster: Cluster
  let first: Replica
  let second: Replica
  before(async () => {
    cluster = await createCluster()
    first = await cluster.addReplica()
    second = await cluster.addReplica()
  })
  after(() => cluster[Symbol.asyncDispose]())

  const openPatch = (at: TusUser, path: string, patch: { offset: number; length: number }): Promise<RawRequest> =>
    openRaw(at.url, {
      method: 'PATCH',
      path,
      headers: {
        authorization: `Bearer ${at.user}`,
        ...tusHeaders({ 'upload-offset': patch.offset, 'content-type': 'application/offset+octet-stream' }),
        'content-length': patch.length
      }
    })
  const keyOf = (at: TusUser, path: string) => ({ userId: at.user, uploadId: path.split('/').at(-1) ?? '' })
  const isLocked = async (at: TusUser, path: string): Promise<boolean> => {
    const { rows } = await sql<{ held: boolean }>`
      select lock_owner is not null and lock_until > now() as held from upload.session
      where upload_id = ${keyOf(at, path).uploadId}`.execute(first.context.database.query)
    return rows[0]?.held === true
  }

  for (const ending of ['FIN', 'RST'] as const) {
    it(`FLT-047: what arrived before a ${ending} is kept and the lock is free`, async () => {
      const me = { url: first.url, user: cluster.uuid() }
      const content = noise(8_000_000)
      const path = await tusCreate(me, content.length, { filename: 'cut.bin' })
      const request = await openPatch(me, path, { offset: 0, length: content.length })
      await request.send(content.subarray(0, 7_234_567))
      await waitFor(async () => (await status(me, path)).received > 7_000_000 - 1)
      if (ending === 'FIN') request.socket.end()
      else request.socket.resetAndDestroy()
      const startedAt = Date.now()
      await waitFor(async () => !(await isLocked(me, path)))
      const offset = await tusOffset(me, path)
      assert.ok(Date.now() - startedAt < 5000)
      assert.ok(offset > 0 && offset <= 7_234_567, `${offset}`)
      if (ending === 'FIN') assert.equal(offset, 7_234_567)
      const rest = await tusPatch(me, path, { offset, body: content.slice(offset) })
      assert.equal(rest.status, 204)
      assert.deepEqual(await fileContent(cluster, me.user, 'cut.bin'), Buffer.from(content))
    })
  }

  // The replicas' caches are not connected: to the second one the row is the only way.
  it('FLT-047, FLT-021: silence: HEAD takes over within 5 s, in this process or another', async () => {
    for (const rescuer of [first, second]) {
      const me = { url: first.url, user: cluster.uuid() }
      const path = await tusCreate(me, 1_000_000, { filename: 's.bin' })
      const request = await openPatch(me, path, { offset: 0, length: 1_000_000 })
      await request.send(noise(300_000))
      await waitFor(async () => (await status(me, path)).received === 300_000)
      const startedAt = Date.now()
      const head = await tusHead({ ...me, url: rescuer.url }, path)
      const took = Date.now() - startedAt
      assert.equal(head.status, 200)
      assert.equal(head.headers.get('upload-offset'), '300000')
      assert.ok(took < 5000, `${took} ms`)
      await waitFor(() => request.received().includes('HTTP/1.1 423'))
      request.socket.destroy()
    }
  })

  const status = async (at: TusUser, path: string): Promise<{ offset: number; received: number; state: string }> => {
    const response = await send(at.url, { method: 'GET', path: `${path}/status`, user: at.user })
    return (await response.json()) as { offset: number; received: number; state: string }
  }

  it('FLT-047: a PATCH takes over from a silent one, not from a busy one', async () => {
    const me = { url: first.url, user: cluster.uuid() }
    const content = noise(900_000)
    const path = await tusCreate(me, content.length, { filename: 't.bin' })
    const stuck = await openPatch(me, path, { offset: 0, length: content.length })
    await stuck.send(content.subarray(0, 300_000))
    await waitFor(async () => (await status(me, path)).received === 300_000)
    const early = await tusPatch(me, path, { offset: 0, body: content })
    assert.equal(early.status, 409)
    const offset = Number(((await early.json()) as { offset: number }).offset)
    assert.equal(offset, 300_000)
    assert.equal((await tusPatch(me, path, { offset, body: content.slice(offset) })).status, 204)
    assert.deepEqual(await fileContent(cluster, me.user, 't.bin'), Buffer.from(content))
    stuck.socket.destroy()
  })

  it('FLT-048: of two PATCHes at one offset through two gateways one wins, bytes are not mixed', async () => {
    for (let round = 0; round < 5; round += 1) {
      const me = { url: first.url, user: cluster.uuid() }
      const contents = [noise(400_000), noise(400_000)] as const
      const path = await tusCreate(me, 400_000, { filename: 'w.bin' })
      const answers = await Promise.all([
        tusPatch(me, path, { offset: 0, body: contents[0] }),
        tusPatch({ ...me, url: second.url }, path, { offset: 0, body: contents[1] })
      ])
      const codes = answers.map(({ status }) => status)
      assert.equal(codes.filter((code) => code === 204).length, 1, codes.join())
      assert.ok(
        codes.some((code) => code === 409 || code === 423),
        codes.join()
      )
      const stored = await fileContent(cluster, me.user, 'w.bin')
      assert.deepEqual(stored, Buffer.from(contents[codes.indexOf(204)] ?? []))
    }
  })

  it('FLT-010: a holder that was stopped past its lock cannot renew, write or finish', async () => {
    const me = { url: first.url, user: cluster.uuid() }
    const path = await tusCreate(me, 10, { filename: 'z.bin' })
    const key = keyOf(me, path)
    const db = first.context.database.query
    const frozen = await takeLock(db, key, cluster.uuid())
    assert.equal(frozen.outcome, 'taken')
    await sql`update upload.session set lock_until = now() - interval '1 second' where upload_id = ${key.uploadId}`.execute(
      db
    )
    assert.equal((await tusPatch(me, path, { offset: 0, body: noise(10) })).status, 204)
    const stale = frozen.outcome === 'taken' ? frozen.session.fence : 0
    const nothing = { durable: 3, received: 3, leaseSeconds: undefined }
    assert.equal((await renewLock(db, { ...key, fence: stale }, nothing)).held, false)
    assert.equal((await status(me, path)).offset, 10)
    assert.equal(await tusOffset(me, path), 10)
  })

  it('FLT-021: without pub/sub a dead holder costs seconds, not the upload', async () => {
    const me = { url: second.url, user: cluster.uuid() }
    const path = await tusCreate(me, 10, { filename: 'd.bin' })
    await takeLock(first.context.database.query, keyOf(me, path), cluster.uuid())
    const startedAt = Date.now()
    assert.equal(await tusOffset(me, path), 0)
    assert.ok(Date.now() - startedAt <= 5000)
  })

  it('FLT-009: stopping keeps what arrived and the client resumes elsewhere', async () => {
    const mine = await cluster.addReplica()
    const me = { url: mine.url, user: cluster.uuid() }
    const content = noise(8_000_000)
    const path = await tusCreate(me, content.length, { filename: 'move.bin' })
    const request = await openPatch(me, path, { offset: 0, length: content.length })
    await request.send(content.subarray(0, 7_000_000))
    await waitFor(async () => (await status(me, path)).received > 7_000_000 - 1)
    await mine.stop()
    const there = { url: first.url, user: me.user }
    const offset = await tusOffset(there, path)
    assert.ok(offset > 0 && offset <= 7_000_000)
    assert.equal((await tusPatch(there, path, { offset, body: content.slice(offset) })).status, 204)
    assert.deepEqual(await fileContent(cluster, me.user, 'move.bin'), Buffer.from(content))
  })
})
