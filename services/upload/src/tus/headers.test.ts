import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CairnError } from '@cairn/contracts'
import { tooLarge } from '../errors.ts'
import { parseMetadata } from './metadata.ts'
import { parseCount } from './numbers.ts'

const count = (value: unknown, max = 1000) => parseCount({ name: 'N', value, max, beyond: () => tooLarge(max) })
const code = (error: unknown) => error instanceof CairnError && error.code

describe('SEC-039, SEC-041: numbers in headers', () => {
  it('takes plain decimal integers', () => {
    assert.deepEqual(
      ['0', '7', '1000'].map((text) => count(text)),
      [0, 7, 1000]
    )
    assert.equal(count('9007199254740991', Number.MAX_SAFE_INTEGER), Number.MAX_SAFE_INTEGER)
  })

  it('refuses everything that is not exactly one', () => {
    for (const text of [
      '',
      ' ',
      '-0',
      '-1',
      '+1',
      '1e3',
      '0x10',
      '01',
      '1.0',
      '1,1',
      '1, 1',
      'NaN',
      '１',
      '1 ',
      undefined,
      ['1']
    ]) {
      assert.throws(
        () => count(text),
        (error) => code(error) === 'invalid_request',
        `${text}`
      )
    }
  })

  it('tells too large from malformed, however long', () => {
    for (const text of ['1001', '9007199254740992', '18446744073709551616', '9'.repeat(5000)]) {
      assert.throws(
        () => count(text),
        (error) => code(error) === 'payload_too_large'
      )
    }
  })
})

describe('Upload-Metadata', () => {
  it('decodes values, keeps empty ones and blanks after commas', () => {
    const metadata = parseMetadata(`filename ${Buffer.from('héllo 🌍').toString('base64')}, flag,empty ,a.b-c eA==`)
    assert.deepEqual(
      [...metadata],
      [
        ['filename', 'héllo 🌍'],
        ['flag', ''],
        ['empty', ''],
        ['a.b-c', 'x']
      ]
    )
    assert.equal(parseMetadata(undefined).size, 0)
    assert.equal(parseMetadata('').size, 0)
  })

  it('keys named like object members are keys like others', () => {
    const metadata = parseMetadata('__proto__ eA==,constructor eQ==')
    assert.equal(metadata.get('__proto__'), 'x')
    assert.equal(metadata.get('toString'), undefined)
  })

  it('refuses doubled keys, foreign alphabets, bad UTF-8 and oversize', () => {
    const bad = [
      'a eA==,a eA==',
      'a eA=',
      'a e',
      'a eA== eA==',
      'a /w==',
      'a -_==',
      'é eA==',
      ',',
      `a ${'A'.repeat(8192)}`
    ]
    for (const header of bad)
      assert.throws(
        () => parseMetadata(header),
        (error) => code(error) === 'invalid_request',
        header
      )
  })

  it('SEC-117: long hostile values take no time', () => {
    const startedAt = performance.now()
    for (const header of ['a '.repeat(4000), `a ${'='.repeat(8000)}`, `${'a'.repeat(8000)}`]) {
      assert.throws(() => parseMetadata(header))
    }
    assert.ok(performance.now() - startedAt < 200)
  })
})
