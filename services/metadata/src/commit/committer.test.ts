import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DatabaseError } from '@cairn/database'
import type { TreeOperation, TreeRequest } from '../domain/operation.ts'
import { Committer, type CommitterOptions } from './committer.ts'

const KEY = { vaultId: 'v', driveId: 'd' }

const request = (name: string, count = 1): TreeRequest => ({
  actor: { userId: name, deviceId: '', role: 'owner' },
  at: 0,
  units: Array.from({ length: count }, () => ({ atomic: false, operations: [{} as TreeOperation] }))
})

const sizeOf = (requests: readonly TreeRequest[]): number => requests.reduce((sum, { units }) => sum + units.length, 0)

const start = (run: (requests: readonly TreeRequest[]) => Promise<void>) => {
  const batches: string[][] = []
  const changed: number[] = []
  const options: CommitterOptions = {
    run: async (_, requests) => {
      batches.push(requests.map(({ actor }) => actor.userId))
      await run(requests)
      return { outcomes: requests.map(() => []), headSeq: batches.length, changed: true }
    },
    onChanged: (_, headSeq) => changed.push(headSeq)
  }
  return { committer: new Committer(options), batches, changed }
}

const tick = () => new Promise<void>((resolve) => setImmediate(resolve))

describe('group commit', () => {
  it('takes what arrived together, and while a transaction runs what waits for the next', async () => {
    const gate = Promise.withResolvers<void>()
    const { committer, batches, changed } = start(() => gate.promise)
    const first = ['a', 'b'].map((name) => committer.submit(KEY, request(name)))
    await tick()
    const next = ['c', 'd', 'e'].map((name) => committer.submit(KEY, request(name)))
    gate.resolve()
    await Promise.all([...first, ...next])
    assert.deepEqual(batches, [
      ['a', 'b'],
      ['c', 'd', 'e']
    ])
    assert.deepEqual(changed, [1, 2])
    assert.equal(committer.busyDrives, 0, 'nothing is kept for an idle drive')
  })

  it('bounds a batch by operations, but takes a larger request alone', async () => {
    const sizes: number[] = []
    const { committer } = start(async (requests) => {
      sizes.push(sizeOf(requests))
    })
    await Promise.all([600, 600, 400, 1500, 1].map((count, index) => committer.submit(KEY, request(`${index}`, count))))
    assert.deepEqual(sizes, [600, 1000, 1500, 1])
  })

  it('refuses when too much waits for one drive', async () => {
    const gate = Promise.withResolvers<void>()
    const { committer } = start(() => gate.promise)
    const running = committer.submit(KEY, request('running'))
    await tick()
    const waiting = Array.from({ length: 10 }, () => committer.submit(KEY, request('waiting', 1000)))
    await assert.rejects(committer.submit(KEY, request('late')), { code: 'unavailable' })
    const other = committer.submit({ vaultId: 'v', driveId: 'other' }, request('other'))
    gate.resolve()
    await Promise.all([running, other, ...waiting])
  })

  it('tries each request alone when a batch fails, unless the database is away', async () => {
    const poisoned = start(async (requests) => {
      if (requests.some(({ actor }) => actor.userId === 'bad')) throw new Error('refused')
    })
    const settled = await Promise.allSettled(
      ['a', 'bad', 'c'].map((name) => poisoned.committer.submit(KEY, request(name)))
    )
    assert.deepEqual(
      settled.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled']
    )
    assert.equal(poisoned.batches.length, 4)

    const away = start(async () => {
      throw new DatabaseError('unavailable', 'away')
    })
    const all = await Promise.allSettled(['a', 'b'].map((name) => away.committer.submit(KEY, request(name))))
    assert.ok(all.every(({ status }) => status === 'rejected'))
    assert.equal(away.batches.length, 1)
  })

  it('FLT-014 resolves an unknown commit by doing it again', async () => {
    let calls = 0
    const { committer, batches, changed } = start(async () => {
      calls += 1
      if (calls === 1) throw new DatabaseError('commit_unknown', 'lost')
    })
    await committer.submit(KEY, request('a'))
    assert.deepEqual(batches, [['a'], ['a']])
    assert.deepEqual(changed, [2])
  })

  it('finishes what it took before it stops, and takes nothing new', async () => {
    const gate = Promise.withResolvers<void>()
    const { committer } = start(() => gate.promise)
    const taken = committer.submit(KEY, request('a'))
    await tick()
    const drained = committer.drain()
    await assert.rejects(committer.submit(KEY, request('b')), { code: 'unavailable' })
    gate.resolve()
    await Promise.all([taken, drained])
  })
})
