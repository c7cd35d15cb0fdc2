import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { noNeeds } from '../src/domain/needs.ts'
import { MAX_DEPTH } from '../src/domain/node.ts'
import type { Action, TreeOperation, TreeRequest } from '../src/domain/operation.ts'
import { planNeeds } from '../src/domain/plan-needs.ts'
import { requestHash } from '../src/domain/request-hash.ts'
import { MemoryDrive, ROOT_ID, USER } from './_memory-drive.ts'
import { NaiveTree } from './_naive-tree.ts'

const NAMES = ['a', 'A', 'b', 'b.txt', 'B.TXT', 'a (2)', 'é', 'e\u0301', 'ß', 'ss', 'b (2).txt']

const name = fc.constantFrom(...NAMES).map((text) => text.normalize('NFC'))
/** Picks among the ids that exist by then, and some that do not. */
const pick = fc.nat({ max: 40 })
const rev = fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined, freq: 5 })

type Intent = {
  readonly kind: Action['kind']
  readonly node: number
  readonly parent: number
  readonly name: string
  readonly size: number
  readonly variant: number
  readonly rev: number | undefined
}

const intent: fc.Arbitrary<Intent> = fc.record({
  kind: fc.constantFrom<Action['kind']>(
    'make-folder',
    'make-folder',
    'put-file',
    'put-file',
    'move',
    'move',
    'trash',
    'restore',
    'purge'
  ),
  node: pick,
  parent: pick,
  name,
  size: fc.nat({ max: 50 }),
  variant: fc.nat({ max: 5 }),
  rev
})

const toAction = (wanted: Intent, id: (index: number) => string, serial: number): Action => {
  const node = id(wanted.node)
  const parent = id(wanted.parent)
  const expectContent = wanted.rev === undefined ? {} : { contentRev: wanted.rev }
  switch (wanted.kind) {
    case 'make-folder':
      return {
        kind: 'make-folder',
        newNodeId: `n${serial}`,
        parent,
        name: wanted.name,
        onConflict: (['merge', 'fail', 'rename'] as const)[wanted.variant % 3] ?? 'merge'
      }
    case 'put-file':
      return {
        kind: 'put-file',
        newNodeId: `n${serial}`,
        target: wanted.variant > 3 ? { nodeId: node } : { parent, name: wanted.name },
        content: { versionId: `v${serial}`, manifestId: new Uint8Array([serial & 255]), size: wanted.size, mtime: 0 },
        onConflict: (['version', 'fail', 'rename'] as const)[wanted.variant % 3] ?? 'version',
        expect: expectContent
      }
    case 'move':
      return {
        kind: 'move',
        nodeId: node,
        onConflict: wanted.variant % 2 === 0 ? 'fail' : 'rename',
        expect: wanted.rev === undefined ? {} : { metaRev: wanted.rev },
        ...(wanted.variant === 0 ? {} : { parent }),
        ...(wanted.variant === 1 ? {} : { name: wanted.name })
      }
    case 'trash':
      return { kind: 'trash', nodeId: node, expect: expectContent }
    case 'restore':
      return { kind: 'restore', nodeId: node }
    case 'purge':
      return { kind: 'purge', nodeId: node, expect: {} }
  }
}

const operation = (action: Action, serial: number): TreeOperation => ({
  opId: `op${serial}`,
  requestHash: requestHash({ serial }),
  journalOp: action.kind,
  action
})

const request = (operations: readonly TreeOperation[], atomic = false): TreeRequest => ({
  actor: { userId: USER, deviceId: 'd', role: 'owner' },
  at: 1,
  units: atomic ? [{ atomic, operations }] : operations.map((one) => ({ atomic, operations: [one] }))
})

const compare = (drive: MemoryDrive, naive: NaiveTree): void => {
  const seen = [...drive.nodes.values()].map((node) => ({
    id: node.id,
    parent: node.parentId,
    name: node.name,
    state: node.state,
    size: node.size,
    contentRev: node.contentRev,
    metaRev: node.metaRev,
    seq: node.seq
  }))
  const wanted = [...naive.nodes.values()].map(({ changed, kind: _, ...node }) => ({ ...node, seq: changed }))
  assert.deepEqual(seen.map((node) => ({ ...node })).sort(byId), wanted.map(pickShape).sort(byId))
  assert.equal(drive.headSeq, naive.seq)
  assert.equal(drive.used, naive.used)
  for (const node of drive.nodes.values()) {
    assert.equal(node.treeSize, naive.sizeOf(node.id), `tree size of ${node.id}`)
    assert.ok(node.treeHeight >= drive.height(node.id), `height of ${node.id}`)
    for (const child of drive.children(node.id)) assert.ok(child.treeRev <= node.treeRev, `tree rev of ${node.id}`)
  }
  assert.deepEqual(
    drive.journal.map(({ seq }) => seq),
    drive.journal.map((_, index) => index + 1)
  )
  const last = new Map(drive.journal.map((entry) => [entry.node.id, entry.node]))
  for (const [id, node] of last)
    assert.deepEqual(
      { ...node, treeSize: 0, treeRev: 0, treeHeight: 0 },
      { ...drive.nodes.get(id), treeSize: 0, treeRev: 0, treeHeight: 0 }
    )
}

const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : 1)
const pickShape = (node: {
  id: string
  parent: string | null
  name: string
  state: string
  size: number
  contentRev: number
  metaRev: number
  seq: number
}) => ({
  id: node.id,
  parent: node.parent,
  name: node.name,
  state: node.state,
  size: node.size,
  contentRev: node.contentRev,
  metaRev: node.metaRev,
  seq: node.seq
})

const SEED = Number(process.env['CAIRN_TEST_SEED'] ?? Date.now() % 2 ** 31)

describe(`domain against a naive tree, seed ${SEED}`, () => {
  it('gives the same tree and the same answers, however operations are batched and loaded', () => {
    const batches = fc.array(fc.array(intent, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(batches, fc.integer({ min: 0, max: 400 }), fc.boolean(), (plan, limit, preload) => {
        const drive = new MemoryDrive(limit)
        const naive = new NaiveTree(ROOT_ID, { limit, maxDepth: MAX_DEPTH })
        let serial = 0
        for (const batch of plan) {
          const ids = [...naive.nodes.keys(), 'nowhere']
          const id = (index: number): string => ids[index % ids.length] ?? ROOT_ID
          const operations = batch.map((wanted) => {
            serial += 1
            return operation(toAction(wanted, id, serial), serial)
          })
          const expected = operations.map(({ action }) => naive.apply(action))
          const [outcomes] = drive.apply([request(operations)], preload ? planNeeds : noNeeds)
          const codes = outcomes?.map((outcome) => (outcome.applied ? '' : outcome.code))
          assert.deepEqual(codes, expected)
          compare(drive, naive)
        }
      }),
      { seed: SEED, numRuns: 1500 }
    )
  })

  it('leaves no trace of an atomic request that is refused', () => {
    fc.assert(
      fc.property(
        fc.array(intent, { minLength: 1, maxLength: 15 }),
        fc.array(intent, { minLength: 1, maxLength: 10 }),
        (setup, tail) => {
          const drive = new MemoryDrive()
          const twin = new MemoryDrive()
          const ids = [ROOT_ID, ...Array.from({ length: 30 }, (_, index) => `n${index}`)]
          const id = (index: number): string => ids[index % ids.length] ?? ROOT_ID
          const prepare = setup.map((wanted, index) => operation(toAction(wanted, id, index), index))
          drive.apply([request(prepare)])
          twin.apply([request(prepare)])
          const operations = tail.map((wanted, index) => operation(toAction(wanted, id, 100 + index), 100 + index))
          const doomed = operation({ kind: 'trash', nodeId: ROOT_ID, expect: {} }, 999)
          const last = operation(
            { kind: 'make-folder', newNodeId: 'last', parent: ROOT_ID, name: 'last', onConflict: 'merge' },
            1000
          )
          const [refused] = drive.apply([request([...operations, doomed], true), request([last])])
          twin.apply([request([last])])
          assert.ok(refused?.every((outcome) => !outcome.applied))
          assert.deepEqual([...drive.nodes].sort(), [...twin.nodes].sort())
          assert.deepEqual(drive.journal, twin.journal)
          assert.equal(drive.used, twin.used)
          assert.deepEqual([...drive.results.keys()], [...twin.results.keys()])
        }
      ),
      { seed: SEED, numRuns: 500 }
    )
  })
})
