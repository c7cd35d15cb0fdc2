import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CairnError } from '@cairn/contracts'
import { DatabaseError } from '@cairn/database'
import { fromStoreError, rateLimited } from './errors.ts'

test('a failing database is unavailable, not a fault of the request', () => {
  for (const code of ['unavailable', 'commit_unknown', 'lock_timeout'] as const) {
    const error = fromStoreError(new DatabaseError(code, 'password=secret'))
    assert.ok(error instanceof CairnError)
    assert.equal(error.code, 'unavailable')
    assert.ok(!error.message.includes('secret'))
  }
})

test('other errors pass as they are', () => {
  const error = new TypeError('x')
  assert.equal(fromStoreError(error), error)
})

test('waiting times are whole seconds, at least one', () => {
  assert.equal(rateLimited(1).retryAfter, 1)
  assert.equal(rateLimited(1500).retryAfter, 2)
})
