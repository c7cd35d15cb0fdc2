import type { ServerResponse } from 'node:http'
import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { CairnError, type ErrorCode } from '@cairn/contracts'
import { PROBLEM_TYPE, problemOf } from './problem.ts'

export interface RawRefusal {
  readonly code: ErrorCode
  readonly detail: string
  /** Instead of the code's own HTTP status, e.g. 431. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
}

/** Answers before routing; the connection is closed after it. */
export const sendRawProblem = (response: ServerResponse, refusal: RawRefusal, requestId: string): void => {
  const { status, body } = render(refusal, requestId)
  response.writeHead(status, { ...refusal.headers, ...rawHeaders(body), 'x-request-id': requestId })
  response.end(response.req.method === 'HEAD' ? undefined : body)
}

/** Answers on a socket on which no request could be parsed, and closes it. */
export const writeRawProblem = (socket: Duplex, refusal: RawRefusal, requestId: string): void => {
  const { status, body } = render(refusal, requestId)
  const headers = Object.entries({ ...refusal.headers, ...rawHeaders(body) })
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Error'}`,
    ...headers.map(([name, value]) => `${name}: ${value}`)
  ]
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`)
}

const render = (refusal: RawRefusal, requestId: string): { status: number; body: string } => {
  const problem = problemOf(new CairnError(refusal.code, refusal.detail), requestId)
  const status = refusal.status ?? problem.status
  return { status, body: JSON.stringify({ ...problem, status }) }
}

const rawHeaders = (body: string): Record<string, string> => ({
  'content-type': PROBLEM_TYPE,
  'content-length': String(Buffer.byteLength(body)),
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  connection: 'close'
})
