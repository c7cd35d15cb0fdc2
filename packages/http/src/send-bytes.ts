import type { ServerResponse } from 'node:http'
import { CairnError } from '@cairn/contracts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type ByteRange, parseRange } from './byte-range.ts'
import { ClientGoneError } from './request-signal.ts'

/** Bytes of a known length that any range can be asked of. */
export interface ByteContent {
  /** Quoted, strong: the same bytes for ever. */
  readonly etag: string
  readonly size: number
  /** A yielded buffer need only stay as it is until the next one is asked for. */
  readonly read: (range: ByteRange) => AsyncIterable<Uint8Array>
}

/**
 * Answers GET and HEAD: conditional requests, one range, exact length. The first bytes are read before the status
 * line is sent; a later failure breaks the connection off, since an unfinished body is the only honest sign left.
 */
export const sendBytes = async (request: FastifyRequest, reply: FastifyReply, content: ByteContent): Promise<void> => {
  const { etag, size } = content
  reply.headers({ etag, 'accept-ranges': 'bytes' })
  if (matches(request.headers['if-none-match'], etag)) {
    await reply.code(304).send()
    return
  }
  const ifMatch = request.headers['if-match']
  if (ifMatch !== undefined && !matches(ifMatch, etag)) {
    throw new CairnError('precondition_failed', 'There is another version now.')
  }
  const range = ifRangeHolds(request, etag) ? parseRange(request.headers.range, size) : undefined
  if (range === 'unsatisfiable') {
    reply.header('content-range', `bytes */${size}`)
    throw new CairnError('range_not_satisfiable', `There are ${size} bytes.`)
  }
  const wanted = range ?? { start: 0, end: size }
  reply.code(range ? 206 : 200).header('content-length', wanted.end - wanted.start)
  if (range) reply.header('content-range', `bytes ${range.start}-${range.end - 1}/${size}`)
  if (request.method === 'HEAD' || wanted.start === wanted.end) {
    await reply.send()
    return
  }
  await stream(reply, content.read(wanted), request.signal)
}

const matches = (header: string | undefined, etag: string): boolean =>
  header !== undefined &&
  (header.trim() === '*' || header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag))

const ifRangeHolds = (request: FastifyRequest, etag: string): boolean => {
  const condition = request.headers['if-range']
  return condition === undefined || condition === etag
}

/** Bytes go to the socket without a copy, so each write is awaited before the next may take its place. */
const stream = async (reply: FastifyReply, bytes: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<void> => {
  const parts = bytes[Symbol.asyncIterator]()
  try {
    let next = await parts.next()
    reply.hijack()
    reply.raw.writeHead(reply.statusCode, headersOf(reply))
    for (; !next.done; next = await parts.next()) await write(reply.raw, next.value)
    reply.raw.end()
  } catch (error) {
    if (!reply.sent) throw error
    if (!(error instanceof ClientGoneError) && !signal.aborted) reply.log.error({ err: error }, 'a download broke off')
    reply.raw.destroy()
  } finally {
    await parts.return?.()
  }
}

const headersOf = (reply: FastifyReply): Record<string, string | number | string[]> =>
  Object.fromEntries(
    Object.entries(reply.getHeaders()).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))
  )

/** Whatever a write fails with: the client left, or its connection did. */
const write = (response: ServerResponse, bytes: Uint8Array): Promise<void> =>
  new Promise((resolve, reject) => {
    response.write(bytes, (error) => (error ? reject(new ClientGoneError()) : resolve()))
  })
