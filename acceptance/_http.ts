import assert from 'node:assert/strict'
import { Agent, type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

export type Body = string | Uint8Array | Readable

export interface Call {
  readonly method: string
  /** Sent as it is, not normalised. */
  readonly path: string
  readonly headers?: OutgoingHttpHeaders
  readonly body?: Body | undefined
  readonly json?: unknown
  /** Where to call from, e.g. "127.0.0.7", for limits per source. */
  readonly localAddress?: string | undefined
  readonly signal?: AbortSignal | undefined
}

export interface Reply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly bytes: Buffer
  readonly text: string
  /** What was called, for messages of failed assertions. */
  readonly what: string
  json<T>(): T
}

export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly code: string
  readonly requestId: string
  readonly [extra: string]: unknown
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 })
const NO_REUSE = new Agent({ keepAlive: false })

/** One request by node:http, so that any header, path and method can be sent; the whole answer in memory. */
export const send = async (url: string, call: Call): Promise<Reply> => {
  const { hostname, port } = new URL(url)
  const body = call.json === undefined ? call.body : JSON.stringify(call.json)
  const headers: OutgoingHttpHeaders = {
    ...(call.json === undefined ? {} : { 'content-type': 'application/json' }),
    ...(body === undefined || body instanceof Readable ? {} : { 'content-length': Buffer.byteLength(body) }),
    ...call.headers
  }
  const outgoing = request({
    hostname,
    port,
    method: call.method,
    path: call.path,
    headers,
    agent: call.localAddress === undefined ? agent : NO_REUSE,
    ...(call.localAddress === undefined ? {} : { localAddress: call.localAddress }),
    ...(call.signal === undefined ? {} : { signal: call.signal })
  })
  const answered = new Promise<Reply>((resolve, reject) => {
    outgoing.once('error', reject)
    outgoing.once('response', (incoming) => {
      const parts: Buffer[] = []
      incoming.on('data', (part: Buffer) => parts.push(part))
      incoming.once('error', reject)
      incoming.once('close', () => {
        if (!incoming.complete) reject(new Error('The answer was cut off'))
      })
      incoming.once('end', () => {
        const bytes = Buffer.concat(parts)
        resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          bytes,
          text: bytes.toString('utf8'),
          what: `${call.method} ${call.path}`,
          json: <T>() => JSON.parse(bytes.toString('utf8')) as T
        })
      })
    })
  })
  if (body instanceof Readable) {
    // A server may answer and close before it has read everything.
    const sending = pipeline(body, outgoing).catch(() => undefined)
    return await answered.finally(() => body.destroy()).finally(() => sending)
  }
  outgoing.end(body)
  return await answered
}

/** Asserts the status and hands the answer on. */
export const expectStatus = (reply: Reply, ...statuses: readonly number[]): Reply => {
  assert.ok(
    statuses.includes(reply.status),
    `${reply.what}: ${reply.status}, not ${statuses} — ${reply.text.slice(0, 500)}`
  )
  return reply
}

/** Asserts a complete RFC 9457 document of that status (and code) that leaks nothing. */
export const expectProblem = (reply: Reply, status: number, code?: string): Problem => {
  expectStatus(reply, status)
  assert.match(String(reply.headers['content-type']), /^application\/problem\+json/, reply.what)
  const problem = reply.json<Problem>()
  assert.equal(problem.status, status, reply.what)
  assert.equal(problem.type, `urn:cairn:error:${problem.code}`, reply.what)
  for (const field of ['title', 'detail', 'requestId'] as const) {
    assert.ok(typeof problem[field] === 'string' && problem[field] !== '', `${reply.what}: no ${field}`)
  }
  if (code !== undefined) assert.equal(problem.code, code, `${reply.what}: ${problem.detail}`)
  assert.doesNotMatch(reply.text, /\bat .*\.ts:\d|node_modules|select .* from /i, `${reply.what} tells of its inside`)
  return problem
}

/** The answer without what differs from request to request. */
export const withoutRequestId = (reply: Reply): string => {
  const { 'x-request-id': _id, date: _date, 'keep-alive': _keep, connection: _connection, ...headers } = reply.headers
  const text = reply.text.replace(/("requestId":")[^"]*"/, '$1"')
  return JSON.stringify({ status: reply.status, headers, text })
}
