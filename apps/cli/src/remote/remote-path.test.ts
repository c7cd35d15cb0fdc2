import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatRemotePath, parseRemotePath, splitRemotePath } from './remote-path.ts'

test('ways to write a path', () => {
  const cases = {
    '': { names: [], folder: true },
    '/': { names: [], folder: true },
    '.': { names: [], folder: true },
    'a/b': { names: ['a', 'b'], folder: false },
    '/a//./b/': { names: ['a', 'b'], folder: true },
    '/a b/..c': { names: ['a b', '..c'], folder: false }
  }
  for (const [text, path] of Object.entries(cases)) assert.deepEqual(parseRemotePath(text), path)
  assert.equal(formatRemotePath(['a', 'b']), '/a/b')
  assert.equal(formatRemotePath([]), '/')
})

test('what has no place', () => {
  for (const text of ['..', '/a/../b']) assert.throws(() => parseRemotePath(text), { exit: 2 })
  assert.throws(() => splitRemotePath(parseRemotePath('/')), { exit: 2 })
})
