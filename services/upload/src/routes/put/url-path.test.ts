import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { pathFromUrl } from './url-path.ts'

describe('SEC-001: the path behind /files/', () => {
  const of = (rest: string) => pathFromUrl(`/v1/drives/personal/files/${rest}`)

  it('is decoded once', () => {
    assert.equal(of('a/b%20c.txt?parents=true'), 'a/b c.txt')
    assert.equal(of('%25252e'), '%252e')
    assert.equal(of('files/files/x'), 'files/files/x')
    assert.equal(of('%F0%9F%8C%8D'), '🌍')
  })

  it('cannot change its shape by decoding', () => {
    for (const rest of [
      '',
      'a//b',
      'a/',
      '.',
      '..',
      'a/../b',
      '%2e%2e/x',
      'a%2Fb',
      'a%00b',
      '%',
      '%zz',
      '%c0%ae%c0%ae'
    ]) {
      assert.throws(() => of(rest), { code: 'invalid_name' }, rest)
    }
  })
})
