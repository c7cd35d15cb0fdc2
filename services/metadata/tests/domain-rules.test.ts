import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { noNeeds } from '../src/domain/needs.ts'
import { MAX_DEPTH } from '../src/domain/node.ts'
import type { Action, Expectation, TreeRequest } from '../src/domain/operation.ts'
import { requestHash } from '../src/domain/request-hash.ts'
import { MemoryDrive, ROOT_ID, USER } from './_memory-drive.ts'

/** A drive with one-letter ways to change it; each answers '' or the code it was refused with. */
const start = (limit = 0) => {
  const drive = new MemoryDrive(limit)
  let serial = 0
  const request = (actions: readonly Action[], atomic = false): TreeRequest => {
    const operations = actions.map((action) => {
      serial += 1
      return { opId: `op${serial}`, requestHash: requestHash({ serial }), journalOp: action.kind, action }
    })
    return {
      actor: { userId: USER, deviceId: '', role: 'owner' },
      at: 1,
      units: atomic ? [{ atomic, operations }] : operations.map((operation) => ({ atomic, operations: [operation] }))
    }
  }
  const apply = (...actions: Action[]): string[] => {
    const [outcomes] = drive.apply([request(actions)])
    return (outcomes ?? []).map((outcome) => (outcome.applied ? '' : outcome.code))
  }
  return { drive, apply, request }
}

const folder = (id: string, parent: string, name = id): Action => ({
  kind: 'make-folder',
  newNodeId: id,
  parent,
  name,
  onConflict: 'fail'
})
const file = (id: string, parent: string, name = id): Action => ({
  kind: 'put-file',
  newNodeId: id,
  target: { parent, name },
  content: { versionId: `v-${id}`, manifestId: new Uint8Array(1), size: 1, mtime: 0 },
  onConflict: 'version',
  expect: {}
})
const move = (
  nodeId: string,
  to: { parent?: string; name?: string },
  onConflict: 'fail' | 'rename' = 'fail'
): Action => ({
  kind: 'move',
  nodeId,
  onConflict,
  expect: {},
  ...to
})
const trash = (nodeId: string, observedSeq?: number, expect: Expectation = {}): Action => ({
  kind: 'trash',
  nodeId,
  expect,
  ...(observedSeq === undefined ? {} : { observedSeq })
})
const restore = (nodeId: string): Action => ({ kind: 'restore', nodeId })

const chain = (length: number, top: string, prefix: string): Action[] =>
  Array.from({ length }, (_, index) => folder(`${prefix}${index + 1}`, index === 0 ? top : `${prefix}${index}`))

describe('domain rules', () => {
  it('SEC-010 nests 128 deep and no deeper', () => {
    const { apply } = start()
    assert.ok(apply(...chain(MAX_DEPTH, ROOT_ID, 'd')).every((code) => code === ''))
    assert.deepEqual(apply(folder('x', `d${MAX_DEPTH}`), file('y', `d${MAX_DEPTH}`)), ['too_deep', 'too_deep'])
    assert.deepEqual(apply(file('y', `d${MAX_DEPTH - 1}`)), [''])
  })

  it('SEC-010 refuses to move or restore what would hang too deep, by exact count', () => {
    const { apply, drive } = start()
    apply(...chain(100, ROOT_ID, 'd'), folder('t', ROOT_ID), ...chain(28, 't', 't'))
    assert.deepEqual(apply(move('t', { parent: 'd100' })), ['too_deep'])
    assert.deepEqual(apply(move('t', { parent: 'd99' })), [''])
    assert.deepEqual(apply(move('t', { parent: ROOT_ID })), [''])
    // The stored bound stays high after the deepest is gone; the count decides.
    assert.deepEqual(apply(trash('t28')), [''])
    assert.equal(drive.nodes.get('t')?.treeHeight, 28)
    assert.deepEqual(apply(move('t', { parent: 'd100' })), [''])
    assert.deepEqual(apply(restore('t28')), ['too_deep'])
  })

  it('knows a name that was freed earlier in the batch', () => {
    const { apply, drive } = start()
    apply(folder('a', ROOT_ID), folder('b', ROOT_ID, 'a (2)'), folder('c', ROOT_ID))
    assert.deepEqual(apply(move('b', { name: 'other' }), move('c', { name: 'a' }, 'rename')), ['', ''])
    assert.equal(drive.nodes.get('c')?.name, 'a (2)')
  })

  it('swaps names in one batch', () => {
    const { apply, drive } = start()
    apply(folder('a', ROOT_ID), folder('b', ROOT_ID))
    assert.deepEqual(apply(move('a', { name: 'tmp' }), move('b', { name: 'a' }), move('a', { name: 'b' })), [
      '',
      '',
      ''
    ])
    assert.deepEqual([drive.nodes.get('a')?.name, drive.nodes.get('b')?.name], ['b', 'a'])
  })

  it('renames in case only', () => {
    const { apply, drive } = start()
    apply(folder('a', ROOT_ID, 'photos'))
    assert.deepEqual(apply(move('a', { name: 'Photos' })), [''])
    assert.equal(drive.nodes.get('a')?.name, 'Photos')
    assert.deepEqual(apply(move('a', { name: 'Photos' })), [''])
    assert.equal(drive.headSeq, 2)
  })

  it('refuses a delete when something below changed after it was observed', () => {
    const { apply, drive } = start()
    apply(folder('a', ROOT_ID), folder('b', 'a'))
    const observed = drive.headSeq
    apply(file('x', 'b'))
    assert.deepEqual(apply(trash('a', observed)), ['stale_subtree'])
    assert.deepEqual(apply(trash('x'), trash('a', drive.headSeq)), ['', ''], 'own changes do not count')
  })

  it('counts the changes of others even when the own request touched the folder too', () => {
    const { apply, drive, request } = start()
    apply(folder('a', ROOT_ID), file('x', 'a'), file('y', 'a'))
    const observed = drive.headSeq
    const [, mine] = drive.apply([request([trash('y')]), request([trash('x'), trash('a', observed)])])
    assert.deepEqual(
      mine?.map((outcome) => outcome.applied),
      [true, false]
    )
  })

  it('resolves op references to nodes that were there already', () => {
    const { drive, request } = start()
    drive.apply([request([folder('a', ROOT_ID)])])
    const merge: Action = { kind: 'make-folder', newNodeId: 'unused', parent: ROOT_ID, name: 'A', onConflict: 'merge' }
    const both = request([merge, file('x', 'op:op2')])
    const [outcomes] = drive.apply([both], noNeeds)
    assert.deepEqual(
      outcomes?.map((outcome) => outcome.applied),
      [true, true]
    )
    assert.equal(drive.nodes.get('x')?.parentId, 'a')
  })

  it('loads a constant number of times, however many operations there are', () => {
    const { drive, apply } = start()
    apply(...Array.from({ length: 200 }, (_, index) => folder(`d${index}`, ROOT_ID)))
    assert.equal(drive.rounds, 1)
    apply(...Array.from({ length: 500 }, (_, index) => file(`f${index}`, `d${index % 200}`, `f${index}`)))
    assert.equal(drive.rounds, 1)
    const conflicting = Array.from(
      { length: 300 },
      (_, index): Action => ({ ...folder(`r${index}`, ROOT_ID, 'd1'), onConflict: 'rename' }) as Action
    )
    apply(...conflicting)
    assert.equal(drive.rounds, 2)
    assert.equal(drive.nodes.get('r299')?.name, 'd1 (301)')
  })

  it('restores to the nearest live ancestor, to the root when nothing is left', () => {
    const { drive, apply } = start()
    apply(folder('a', ROOT_ID), folder('b', 'a'), folder('c', 'b'), file('x', 'c'))
    apply(trash('x'), trash('b'))
    assert.deepEqual(apply(restore('x')), [''])
    assert.equal(drive.nodes.get('x')?.parentId, 'a')
    apply(trash('x'), trash('a'), { kind: 'purge', nodeId: 'a', expect: {} })
    assert.deepEqual(apply(restore('x'), restore('b')), ['', ''])
    assert.equal(drive.nodes.get('x')?.parentId, ROOT_ID)
  })

  it('SEC-050 never passes the quota, and a refused put leaves nothing', () => {
    const { drive, apply } = start(3)
    assert.deepEqual(apply(file('a', ROOT_ID), file('b', ROOT_ID), file('c', ROOT_ID), file('d', ROOT_ID)), [
      '',
      '',
      '',
      'quota_exceeded'
    ])
    assert.equal(drive.used, 3)
    assert.equal(drive.nodes.has('d'), false)
    assert.equal(drive.versions.length, 3)
  })
})
