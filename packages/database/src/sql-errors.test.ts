import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DatabaseError } from './database.ts'
import { parseInt8 } from './result-types.ts'
import { isTransactionConflict, toDatabaseError } from './sql-errors.ts'

const fromServer = (code: string, extra = {}) =>
  Object.assign(new Error('from server'), { code, severity: 'ERROR', ...extra })

const codeOf = (error: unknown) => {
  const mapped = toDatabaseError(error)
  return mapped instanceof DatabaseError ? mapped.code : undefined
}

test('server states map to the port’s codes', () => {
  assert.equal(codeOf(fromServer('23505', { constraint: 'x_key' })), 'unique_violation')
  assert.equal(codeOf(fromServer('55P03')), 'lock_timeout')
  assert.equal(codeOf(fromServer('53100')), 'disk_full')
  for (const state of ['08006', '57P01', '53300', '57014', '25006'])
    assert.equal(codeOf(fromServer(state)), 'unavailable')
})

test('failures of the connection itself mean unavailable', () => {
  assert.equal(
    codeOf(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', syscall: 'connect' })),
    'unavailable'
  )
  assert.equal(codeOf(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })), 'unavailable')
  assert.equal(codeOf(new Error('Connection terminated unexpectedly')), 'unavailable')
  assert.equal(codeOf(new Error('timeout exceeded when trying to connect')), 'unavailable')
})

test('the caller’s own mistakes pass through untouched', () => {
  const syntax = fromServer('42601')
  assert.equal(toDatabaseError(syntax), syntax)
  const conflict = fromServer('40P01')
  assert.equal(toDatabaseError(conflict), conflict)
  assert.ok(isTransactionConflict(conflict))
})

test('int8 keeps every digit or throws', () => {
  assert.equal(parseInt8('-9007199254740991'), -9007199254740991)
  assert.throws(() => parseInt8('9007199254740992'), RangeError)
})
