import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ApiError, NetworkError } from '@cairn/client'
import { exitCodeOf } from './exit-codes.ts'

const running = new AbortController().signal

test('every refusal has the documented status', () => {
  const cases = {
    400: 1,
    401: 3,
    403: 3,
    404: 4,
    409: 5,
    410: 4,
    412: 5,
    413: 6,
    423: 5,
    429: 7,
    500: 1,
    503: 7,
    507: 6
  }
  for (const [status, exit] of Object.entries(cases)) {
    assert.equal(exitCodeOf(new ApiError({ status: Number(status), code: 'x', detail: '' }), running), exit, status)
  }
  assert.equal(exitCodeOf(new NetworkError('x'), running), 7)
  assert.equal(exitCodeOf(Object.assign(new Error('x'), { code: 'ENOSPC' }), running), 6)
  assert.equal(exitCodeOf(new Error('x'), running), 1)
  assert.equal(exitCodeOf(new Error('x'), AbortSignal.abort()), 130)
})
