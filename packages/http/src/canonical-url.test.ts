import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { urlProblem } from './canonical-url.ts'

describe('canonical URLs', () => {
  test('every well-formed name can be put into a path by encoding it once', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }), (name) => {
        const forbidden = /[\p{Cc}/\\]/u.test(name) || name === '.' || name === '..'
        const encoded = `/v1/names/${encodeURIComponent(name)}`
        if (!forbidden) assert.equal(urlProblem(encoded), undefined, encoded)
      })
    )
  })

  test('SEC-001 what passes decodes to the same segments everywhere', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '..',
        '.',
        '%2e',
        '%2E%2e',
        '%2f',
        '%5c',
        '%00',
        '%25',
        '%252e',
        '%c0%af',
        '%',
        '//',
        '\\',
        'a',
        '%e2%82%ac',
        '?',
        '#',
        ';'
      ),
      fc.string({ maxLength: 4 })
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const target = `/${pieces.join('/')}`
        if (urlProblem(target) !== undefined) return
        const path = target.split('?', 1)[0] ?? ''
        assert.equal(decodeURIComponent(new URL(path, 'http://host').pathname), decodeURIComponent(path))
        assert.equal(decodeURIComponent(path).split('/').length, path.split('/').length)
        for (const segment of decodeURIComponent(path).split('/')) {
          assert.doesNotMatch(segment, /^\.\.?$|\\/)
          assert.ok([...segment].every((character) => character >= ' ' && character !== '\u007f'))
        }
      }),
      { numRuns: 2000 }
    )
  })

  test('SEC-117 a hostile URL costs no time', () => {
    const startedAt = performance.now()
    for (const target of [
      `/${'%25'.repeat(5000)}`,
      `/${'a/'.repeat(8000)}`,
      `/${'.'.repeat(16_000)}`,
      `/?${'%2e'.repeat(5000)}`
    ])
      urlProblem(target)
    assert.ok(performance.now() - startedAt < 500)
  })
})
