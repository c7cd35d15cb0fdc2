import type { IncomingMessage } from 'node:http'
import { urlProblem } from './canonical-url.ts'
import type { RawRefusal } from './raw-problem.ts'

/** Headers that decide who may do what, or what the bytes mean: two of one kind are never a good sign. */
const SINGLE = new Set([
  'authorization',
  'content-encoding',
  'content-length',
  'content-range',
  'content-type',
  'depth',
  'destination',
  'expect',
  'host',
  'idempotency-key',
  'if-match',
  'if-none-match',
  'if-range',
  'lock-token',
  'origin',
  'overwrite',
  'range',
  'sec-fetch-site',
  'transfer-encoding',
  'tus-resumable',
  'upload-checksum',
  'upload-defer-length',
  'upload-length',
  'upload-metadata',
  'upload-offset',
  'x-cairn-csrf'
])

/** Why a parsed request must not reach the router; undefined when it may. */
export const refuseRequest = (request: IncomingMessage, maxHeaders: number): RawRefusal | undefined => {
  if (request.method === 'TRACE' || request.method === 'CONNECT') {
    return { code: 'method_not_allowed', detail: `${request.method} is not offered` }
  }
  if (request.httpVersionMajor < 1) return { code: 'invalid_request', detail: 'HTTP/1.1 is spoken here' }
  const { 'transfer-encoding': coding } = request.headers
  // The parser itself refuses what does not end in "chunked".
  if (coding !== undefined && /, *chunked$/i.test(coding)) {
    return { code: 'invalid_request', detail: 'The only transfer coding taken is "chunked"' }
  }
  const target = urlProblem(request.url ?? '')
  if (target !== undefined) return { code: 'invalid_url', detail: `The URL ${target}` }
  return refuseHeaders(request.rawHeaders, maxHeaders)
}

const refuseHeaders = (rawHeaders: readonly string[], maxHeaders: number): RawRefusal | undefined => {
  if (rawHeaders.length > 2 * maxHeaders) return { code: 'invalid_request', detail: 'Too many headers', status: 431 }
  let seen: Set<string> | undefined
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase()
    if (!SINGLE.has(name)) continue
    seen ??= new Set()
    if (seen.has(name)) return { code: 'invalid_request', detail: `The header ${name} is given twice` }
    seen.add(name)
  }
  return undefined
}
