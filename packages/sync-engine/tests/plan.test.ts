import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import {
  type LocalEntry,
  type PlanInput,
  type PlanOptions,
  plan,
  type RemoteNode,
  RemoteTree,
  type SyncedNode
} from '../src/index.ts'

const ROOT = 'root'
const OPTIONS: PlanOptions = {
  device: 'desk',
  day: '2026-01-02',
  readOnly: false,
  allowDeletes: false,
  excluded: new Set(),
  osName: (name) => name
}

const node = (id: string, more: Partial<RemoteNode> = {}): RemoteNode => ({
  id,
  parentId: ROOT,
  name: id,
  kind: 'file',
  state: 'live',
  versionId: `v-${id}`,
  size: 3,
  mtime: 1,
  contentRev: 1,
  metaRev: 1,
  seq: 1,
  ...more
})
const entry = (path: string, more: Partial<LocalEntry> = {}): LocalEntry => ({
  path,
  kind: 'file',
  fileId: `i-${path}`,
  size: 3,
  mtimeNs: 7n,
  ...more
})
const row = (id: string, more: Partial<SyncedNode> = {}): SyncedNode => ({
  id,
  parentId: ROOT,
  name: id,
  localName: id,
  kind: 'file',
  versionId: `v-${id}`,
  contentRev: 1,
  metaRev: 1,
  fileId: `i-${id}`,
  size: 3,
  mtimeNs: 7n,
  content: 'c',
  ...more
})

interface Trees {
  readonly remote?: readonly RemoteNode[]
  readonly local?: readonly LocalEntry[]
  readonly synced?: readonly SyncedNode[]
  readonly options?: Partial<PlanOptions>
}

const input = ({ remote = [], local = [], synced = [], options = {} }: Trees): PlanInput => ({
  remote: new RemoteTree(ROOT, [node(ROOT, { parentId: null, name: '', kind: 'folder', versionId: null }), ...remote]),
  local: new Map(local.map((item) => [item.path, item])),
  synced: new Map(synced.map((item) => [item.id, item])),
  known: { local: () => undefined, version: () => undefined },
  options: { ...OPTIONS, ...options }
})

const kinds = (trees: Trees): string[] => plan(input(trees)).actions.map(({ kind }) => kind)
const many = <T>(count: number, make: (id: string) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(`f${index}`))

describe('plan', () => {
  it('does nothing when all agree', () => {
    assert.deepEqual(kinds({ remote: [node('a')], local: [entry('a')], synced: [row('a')] }), [])
  })

  it('FLT-054 asks before it deletes more than a quarter of at least ten files, on either side', () => {
    const synced = many(20, row)
    const deletedHere = plan(input({ remote: many(20, node), local: many(10, entry), synced }))
    assert.deepEqual(deletedHere.actions, [])
    assert.deepEqual(deletedHere.held, { remote: 10, local: 0 })
    const deletedThere = plan(input({ remote: many(10, node), local: many(20, entry), synced }))
    assert.deepEqual(deletedThere.held, { remote: 0, local: 10 })
    assert.equal(
      kinds({ remote: many(20, node), local: many(10, entry), synced, options: { allowDeletes: true } }).length,
      10
    )
    assert.equal(kinds({ remote: many(20, node), local: many(16, entry), synced }).length, 4)
  })

  it('says nothing about what it could not look into', () => {
    const folder = { kind: 'folder', size: 0, mtimeNs: 0n } as const
    const trees: Trees = {
      remote: [node('d', { kind: 'folder', versionId: null }), node('x', { parentId: 'd' })],
      local: [entry('d', { ...folder, unreadable: true, reason: 'permission denied' })],
      synced: [row('d', { ...folder, versionId: null }), row('x', { parentId: 'd' })]
    }
    assert.deepEqual(kinds(trees), [])
    assert.deepEqual(plan(input(trees)).problems, [{ code: 'unreadable', path: 'd', detail: 'permission denied' }])
  })

  it('does not take a link in the place of a file, or an ignored file, for a deletion', () => {
    const local = [entry('a', { kind: 'other', reason: 'symbolic links are not synced' })]
    assert.deepEqual(kinds({ remote: [node('a')], local, synced: [row('a')] }), [])
  })

  it('takes a file that a crash of the system emptied for damaged, not for edited', () => {
    const trees = { remote: [node('a')], local: [entry('a', { size: 0 })], synced: [row('a')] }
    assert.deepEqual(kinds(trees), ['download'])
  })

  it('asks for contents only where size and time do not tell', () => {
    const { actions, learn } = plan(
      input({ remote: [node('a')], local: [entry('a', { mtimeNs: 8n })], synced: [row('a')] })
    )
    assert.deepEqual([actions, learn.map(({ kind }) => kind)], [[], ['local']])
    const grown = { remote: [node('a')], local: [entry('a', { size: 4, mtimeNs: 8n })], synced: [row('a')] }
    assert.deepEqual(kinds(grown), ['upload'])
  })

  it('leaves alone what the server cannot name', () => {
    const { actions, problems } = plan(input({ local: [entry('a\nb')] }))
    assert.deepEqual([actions, problems.map(({ code }) => code)], [[], ['invalid_name']])
  })

  it('keeps its own folder to itself, whoever puts one of that name on the server', () => {
    assert.deepEqual(kinds({ remote: [node('n', { name: '.CAIRN-SYNC', kind: 'folder', versionId: null })] }), [])
  })

  it('sends nothing as a viewer', () => {
    const local = [entry('a', { size: 4 }), entry('b')]
    assert.deepEqual(kinds({ remote: [node('a')], local, synced: [row('a')], options: { readOnly: true } }), [])
  })

  it('takes an excluded folder off the disk and never off the server; what was changed stays', () => {
    const folder = { kind: 'folder', size: 0, mtimeNs: 0n } as const
    const remote = [
      node('d', { kind: 'folder', versionId: null }),
      node('x', { parentId: 'd' }),
      node('y', { parentId: 'd' })
    ]
    const synced = [row('d', { ...folder, versionId: null }), row('x', { parentId: 'd' }), row('y', { parentId: 'd' })]
    const local = [entry('d', folder), entry('d/x', { fileId: 'i-x' }), entry('d/y', { fileId: 'i-y', size: 9 })]
    const made = plan(input({ remote, local, synced, options: { excluded: new Set(['d']) } }))
    assert.deepEqual(
      made.actions.map((action) => [action.kind, 'path' in action ? action.path : '']),
      [['delete-local', 'd/x']]
    )
    assert.deepEqual(
      made.problems.map(({ code, path }) => [code, path]),
      [['excluded', 'd/y']]
    )
  })

  it('depends on the trees alone, not on the order in which they are told', () => {
    const names = fc.constantFrom('a', 'b', 'c', 'A', 'd')
    const places = fc.uniqueArray(names, { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(places, places, places, fc.infiniteStream(fc.nat()), (there, here, before, numbers) => {
        const distinct = [...new Map(there.map((name) => [name.toLowerCase(), name])).values()]
        const trees = {
          remote: distinct.map((id) => node(id)),
          local: here.map((id) => entry(id)),
          synced: before.map((id) => row(id))
        }
        const mixed = <T>(list: readonly T[]): T[] =>
          list
            .map((item) => ({ item, at: numbers.next().value ?? 0 }))
            .sort((a, b) => a.at - b.at)
            .map(({ item }) => item)
        const told = { remote: mixed(trees.remote), local: mixed(trees.local), synced: mixed(trees.synced) }
        const shown = (given: Trees): string[] =>
          plan(input(given))
            .actions.map((action) =>
              JSON.stringify(action, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value))
            )
            .sort()
        assert.deepEqual(shown(told), shown(trees))
      })
    )
  })
})
