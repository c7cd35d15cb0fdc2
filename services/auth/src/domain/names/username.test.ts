import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseUsername } from './username.ts'

const foldOf = (typed: string): string => {
  const result = parseUsername(typed)
  assert.ok(result.ok, `${JSON.stringify(typed)} was refused`)
  return result.username.fold
}

const refused = [
  '',
  '.',
  '..',
  'a/b',
  'a\\b',
  'ann.',
  '.ann',
  'a..b',
  'a b',
  ' ann',
  'ann ',
  'ann\u0000',
  'a\nb',
  'a\u200db',
  'a\u202eb',
  '\ufe0f',
  'a@b',
  '\ud800',
  '\u0301a',
  'аnn',
  'αnn',
  'a'.repeat(65),
  '～',
  'a․b'
]

for (const typed of refused) {
  test(`SEC-006 ${JSON.stringify(typed)} is no username`, () => {
    assert.equal(parseUsername(typed).ok, false)
  })
}

test('SEC-006 names that look alike by case, width or composition are one account', () => {
  for (const same of ['ANN', 'aNn', 'ａｎｎ', 'Ann']) assert.equal(foldOf(same), 'ann')
  assert.equal(foldOf('Ren\u00e9'), foldOf('rene\u0301'))
  assert.equal(foldOf('straße'), foldOf('STRASSE'))
  assert.equal(foldOf('\u212aim'), foldOf('kim'))
})

test('SEC-006 names of devices and folders are ordinary names', () => {
  for (const typed of ['con', 'files', 'aux.txt', 'ann_b-c.d', 'Ωmega'.slice(1), 'анна', '山田', '0', 'नेहा']) {
    assert.ok(parseUsername(typed).ok, typed)
  }
})

test('a username is kept in NFC', () => {
  const result = parseUsername('rene\u0301')
  assert.ok(result.ok)
  assert.equal(result.username.text, 'ren\u00e9')
})
