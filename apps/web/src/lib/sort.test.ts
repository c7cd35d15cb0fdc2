import assert from 'node:assert/strict'
import { test } from 'node:test'
import { filterEntries, type Sortable, sortEntries } from './sort.ts'

const entry = (name: string, more: Partial<Sortable> = {}): Sortable => ({
  name,
  kind: 'file',
  size: 1,
  treeSize: 1,
  mtime: '2026-01-01T00:00:00Z',
  modifiedAt: '2026-01-01T00:00:00Z',
  ...more
})
const names = (entries: readonly Sortable[]) => entries.map(({ name }) => name)

test('names sort by value of their numbers, case and accents aside', () => {
  const mixed = ['b10', 'B2', 'ä', 'z', 'a1'].map((name) => entry(name))
  assert.deepEqual(names(sortEntries(mixed, { field: 'name', descending: false })), ['ä', 'a1', 'B2', 'b10', 'z'])
})

test('folders come first in both directions', () => {
  const mixed = [entry('a', { treeSize: 5 }), entry('folder', { kind: 'folder' }), entry('b', { treeSize: 9 })]
  assert.deepEqual(names(sortEntries(mixed, { field: 'size', descending: true })), ['folder', 'b', 'a'])
  assert.deepEqual(names(sortEntries(mixed, { field: 'size', descending: false })), ['folder', 'a', 'b'])
})

test('a filter wants every word somewhere in the name', () => {
  const all = [entry('Invoice 2026 März.pdf'), entry('invoice.txt'), entry('photo.jpg')]
  assert.deepEqual(names(filterEntries(all, 'marz inv')), ['Invoice 2026 März.pdf'])
  assert.deepEqual(names(filterEntries(all, ' ')), names(all))
})
