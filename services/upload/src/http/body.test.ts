import assert from 'node:assert/strict'
import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { describe, it } from 'node:test'
import type { CairnError } from '@cairn/contracts'
import { readBody } from './body.ts'

/** A request's body half. */
const fakeRequest = (parts: Iterable<Uint8Array> = []) => {
  const stream = new Readable({ read: () => undefined, highWaterMark: 1 << 20 })
  for (const part of parts) stream.push(part)
  return stream as Readable & IncomingMessage
}
const bytes = (length: number) => new Uint8Array(length).fill(1)
const never = new AbortController().signal

describe('readBody', () => {
  it('yields what arrives until the end', async () => {
    const request = fakeRequest([bytes(10)])
    const seen: number[] = []
    for await (const part of readBody(request, { limit: 100, signal: never, onBytes: (count) => seen.push(count) })) {
      if (part.length === 10) request.push(bytes(5))
      else request.push(null)
    }
    assert.deepEqual(seen, [10, 15])
    assert.equal(request.listenerCount('readable'), 0)
  })

  it('does not yield the part that crosses the limit', async () => {
    const request = fakeRequest([bytes(101)])
    const body = readBody(request, { limit: 100, signal: never })
    await assert.rejects(body.next(), (error: CairnError) => error.code === 'payload_too_large')
    assert.equal(request.destroyed, false)
  })

  it('FLT-012: a broken connection is an error, also after bytes came', async () => {
    const request = fakeRequest([bytes(10)])
    const body = readBody(request, { limit: 100, signal: never })
    assert.equal((await body.next()).value?.length, 10)
    const next = body.next()
    request.destroy(new Error('reset'))
    await assert.rejects(next, (error: CairnError) => error.code === 'invalid_request')
  })

  it('FLT-047: aborting yields what has arrived, then stops waiting', async () => {
    const request = fakeRequest()
    const stop = new AbortController()
    const body = readBody(request, { limit: 100, signal: stop.signal })
    const first = body.next()
    request.push(bytes(7))
    stop.abort(new Error('enough'))
    assert.equal((await first).value?.length, 7)
    await assert.rejects(body.next(), /enough/)
    assert.equal(request.destroyed, false)
  })
})
