import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import { describe, test } from 'node:test'
import { createCallSignal, DeadlineError, withCallSignal } from './signals.ts'

describe('call signal', () => {
  test('aborts with the reason of the first parent', () => {
    const client = new AbortController()
    const shutdown = new AbortController()
    using call = createCallSignal({ parents: [client.signal, undefined, shutdown.signal] })
    assert.equal(call.signal.aborted, false)
    const reason = new Error('gone')
    client.abort(reason)
    shutdown.abort(new Error('later'))
    assert.equal(call.signal.reason, reason)
  })

  test('aborts at the deadline', async () => {
    using call = createCallSignal({ timeoutMs: 5 })
    await new Promise((resolve) => call.signal.addEventListener('abort', resolve))
    assert.ok(call.signal.reason instanceof DeadlineError)
  })

  test('is aborted from the start when a parent is', () => {
    const reason = new Error('already')
    using call = createCallSignal({ parents: [AbortSignal.abort(reason)], timeoutMs: 10_000 })
    assert.equal(call.signal.reason, reason)
  })

  test('FLT-050 leaves no listener on a long-lived parent, however the call ends', async () => {
    const shutdown = new AbortController()
    const client = new AbortController()
    for (let count = 0; count < 100; count += 1) {
      await withCallSignal({ parents: [shutdown.signal, client.signal], timeoutMs: 10_000 }, async () => undefined)
      await assert.rejects(withCallSignal({ parents: [shutdown.signal] }, () => Promise.reject(new Error('failed'))))
    }
    const open = createCallSignal({ parents: [shutdown.signal, client.signal] })
    client.abort()
    assert.equal(open.signal.aborted, true)
    assert.equal(getEventListeners(shutdown.signal, 'abort').length, 0)
  })

  test('disposing does not abort', () => {
    const parent = new AbortController()
    const call = createCallSignal({ parents: [parent.signal] })
    call[Symbol.dispose]()
    parent.abort()
    assert.equal(call.signal.aborted, false)
  })
})
