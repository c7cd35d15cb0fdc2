import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { foldName, isWindowsReserved, nameFamily, parseName, type ValidName } from './names.ts'

const valid = (text: string): ValidName => {
  const result = parseName(text)
  assert.ok(result.ok, `${JSON.stringify(text)} should be valid`)
  return result.name
}

const same = (a: string, b: string): boolean => valid(a).fold === valid(b).fold

describe('names', () => {
  const refusals = [
    '',
    '.',
    '..',
    '...',
    ' ',
    '. .',
    'a/b',
    '/',
    'a\0b',
    'a\nb',
    'a\rb',
    '\u001f',
    '\u007f',
    '\ud800',
    'x\udc00y'
  ]
  for (const name of refusals) {
    it(`SEC-007 refuses ${JSON.stringify(name)}`, () => assert.equal(parseName(name).ok, false))
  }

  const accepted = [
    'a:b',
    'CON',
    'x.',
    'x ',
    '..%2f',
    '%2e%2e%2f',
    '..\\',
    'C:',
    '\u202efdp.exe',
    'a\u200bb',
    ' leading',
    '😀',
    '-rf',
    "'"
  ]
  for (const name of accepted) {
    it(`SEC-007 keeps ${JSON.stringify(name)} as typed`, () => assert.equal(valid(name).text, name))
  }

  it('SEC-007 takes 255 bytes and refuses 256', () => {
    assert.equal(parseName('a'.repeat(255)).ok, true)
    assert.equal(parseName('a'.repeat(256)).ok, false)
    assert.equal(parseName(`${'a'.repeat(251)}😀`).ok, true)
    assert.equal(parseName(`${'a'.repeat(252)}😀`).ok, false)
    assert.equal(parseName('x'.repeat(10_000_000)).ok, false)
  })

  const equal: [string, string][] = [
    ['é', 'e\u0301'],
    ['ß', 'SS'],
    ['K', 'k'],
    ['ς', 'Σ'],
    ['Foo', 'foo'],
    ['name.', 'name'],
    ['name . ', 'NAME'],
    ['ǆ', 'ǅ'],
    ['ﬃ', 'FFI']
  ]
  for (const [a, b] of equal) it(`SEC-008 ${a} is ${b}`, () => assert.equal(same(a, b), true))

  it('SEC-008 keeps different letters apart', () => {
    assert.equal(same('ı', 'i'), false)
    assert.equal(same('e', 'é'), false)
    assert.equal(same('a', 'а'), false)
  })

  it('folds to a fixed point', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        assert.equal(foldName(foldName(text)), foldName(text))
      }),
      { numRuns: 2000 }
    )
  })

  it('stands in for a taken name within the limit, all candidates in the family', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 }),
        fc.integer({ min: 2, max: 99_999 }),
        (text, n) => {
          const parsed = parseName(text)
          fc.pre(parsed.ok)
          const family = nameFamily(parsed.name)
          const candidate = family.candidate(n)
          assert.ok(Buffer.byteLength(candidate.text) <= 255)
          assert.ok(candidate.fold.startsWith(family.foldPrefix))
          assert.notEqual(candidate.fold, parsed.name.fold)
          assert.deepEqual(parseName(candidate.text), { ok: true, name: candidate })
        }
      ),
      { numRuns: 2000 }
    )
  })

  it('puts the number before the extension', () => {
    assert.equal(nameFamily(valid('a.tar.gz')).candidate(2).text, 'a.tar (2).gz')
    assert.equal(nameFamily(valid('.profile')).candidate(2).text, '.profile (2)')
    assert.equal(nameFamily(valid('folder')).candidate(3).text, 'folder (3)')
  })

  it('flags names that Windows reserves', () => {
    for (const name of ['CON', 'nul.txt', 'com1', 'LPT9.log', 'aux.']) assert.equal(isWindowsReserved(name), true)
    for (const name of ['console', 'com10', 'null', 'a.con']) assert.equal(isWindowsReserved(name), false)
  })
})
