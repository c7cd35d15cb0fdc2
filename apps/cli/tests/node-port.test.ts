import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { nodePort } from '../src/http/node-port.ts'

const body = (text: string) => [new TextEncoder().encode(text)]

test('an idle connection that the server closed is replaced, whatever the method', async () => {
  let requests = 0
  const server = createServer((request, response) => {
    requests += 1
    request.resume().on('end', () => response.end('ok'))
  })
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const port = nodePort({})
  const send = async () => {
    const request = { method: 'POST', url, headers: new Headers(), body: body('x'), timeoutMs: 5000, signal: undefined }
    return (await port.exchange(request)).text()
  }
  try {
    assert.equal(await send(), 'ok')
    // Closed as the next request is on its way: the client finds out by the reset.
    const sending = new Promise((resolve) => server.once('request', (request) => resolve(request.socket.destroy())))
    const second = send()
    await sending
    assert.equal(await second, 'ok')
    assert.equal(requests, 3)
  } finally {
    port.close()
    server.closeAllConnections()
    server.close()
  }
})

test('a server that accepts and says nothing is given up in time', async () => {
  const server = createServer(() => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const port = nodePort({})
  try {
    const request = { method: 'GET', url, headers: new Headers(), body: undefined, timeoutMs: 20, signal: undefined }
    await assert.rejects(port.exchange(request), /no answer within 0.02 s/)
  } finally {
    port.close()
    server.closeAllConnections()
    server.close()
  }
})
