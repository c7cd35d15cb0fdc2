import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CairnError } from '@cairn/contracts'
import { asPreconditionFailure, assertPrecondition, commitGuards, parsePrecondition } from './precondition.ts'

const existing = { nodeId: 'n', versionId: 'v1', contentRev: 4 }

describe('preconditions', () => {
  const holds = (headers: Record<string, string>, there: typeof existing | undefined): boolean => {
    try {
      assertPrecondition(parsePrecondition(headers), there)
      return true
    } catch (error) {
      assert.ok(error instanceof CairnError && error.code === 'precondition_failed')
      return false
    }
  }

  it('are judged as HTTP says', () => {
    assert.equal(holds({}, existing), true)
    assert.equal(holds({ 'if-match': '"v1"' }, existing), true)
    assert.equal(holds({ 'if-match': '"v0", "v1"' }, existing), true)
    assert.equal(holds({ 'if-match': '"v0"' }, existing), false)
    assert.equal(holds({ 'if-match': '*' }, undefined), false)
    assert.equal(holds({ 'if-match': '"v1"' }, undefined), false)
    assert.equal(holds({ 'if-none-match': '*' }, existing), false)
    assert.equal(holds({ 'if-none-match': '*' }, undefined), true)
    assert.equal(holds({ 'if-none-match': '"v1"' }, existing), false)
    assert.equal(holds({ 'if-none-match': '"v2"' }, existing), true)
    for (const value of ['v1', '"v1', 'W/v1', '"a" "b"', '']) {
      assert.throws(() => parsePrecondition({ 'if-match': value }), value)
    }
  })

  it('travel into the commit', () => {
    assert.deepEqual(commitGuards(parsePrecondition({ 'if-none-match': '*' }), undefined), { onConflict: 'fail' })
    assert.deepEqual(commitGuards(parsePrecondition({}), existing), { onConflict: 'version' })
    assert.deepEqual(commitGuards(parsePrecondition({ 'if-match': '"v1"' }), existing), {
      onConflict: 'version',
      baseRev: 4n
    })
  })

  it('name a lost race in their own terms', () => {
    const conditional = parsePrecondition({ 'if-none-match': '*' })
    const taken = new CairnError('name_taken', 'x')
    const translated = asPreconditionFailure(conditional, taken)
    assert.ok(translated instanceof CairnError && translated.code === 'precondition_failed')
    assert.equal(asPreconditionFailure(parsePrecondition({}), taken), taken)
    const other = new CairnError('quota_exceeded', 'x')
    assert.equal(asPreconditionFailure(conditional, other), other)
  })
})
