import assert from 'node:assert/strict'
import { test } from 'node:test'
import { localName } from './local-name.ts'

test('names that would lead elsewhere are written out', () => {
  for (const os of ['linux', 'darwin', 'win32'] as const) {
    for (const name of ['', '.', '..', '../x', '/etc/passwd', 'a/b', 'a\0b']) {
      const local = localName(name, os)
      assert.ok(local !== '' && local !== '.' && local !== '..' && !/[/\0]/.test(local), `${name} → ${local}`)
    }
  }
})

test('elsewhere names stay as they are', () => {
  for (const name of ['a b', 'ünï ✓', 'con', 'a:b', 'x.', '...', '%2E', 'back\\slash', '-rf']) {
    assert.equal(localName(name, 'linux'), name)
  }
})

test('Windows: devices, separators, streams, endings', () => {
  const cases = {
    'a\\b': 'a%5Cb',
    'C:x': 'C%3Ax',
    'file.txt:stream': 'file.txt%3Astream',
    'x.': 'x%2E',
    'x ': 'x%20',
    con: '%63on',
    'NUL.txt': '%4EUL.txt',
    'nul .txt': '%6Eul .txt',
    'COM¹': '%43OM¹',
    'lpt9.tar.gz': '%6Cpt9.tar.gz',
    console: 'console',
    'a*?"<>|': 'a%2A%3F%22%3C%3E%7C',
    'a\u0001': 'a%01'
  }
  for (const [name, local] of Object.entries(cases)) assert.equal(localName(name, 'win32'), local)
})
