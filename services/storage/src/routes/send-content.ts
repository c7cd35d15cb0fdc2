import type { ServerResponse } from 'node:http'
import { CairnError, type metadataV1, type StorageData } from '@cairn/contracts'
import { create as contentDisposition } from 'content-disposition'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { mediaTypeOf } from './media-type.ts'
import { type ByteRange, parseRange } from './range.ts'

export interface Sending {
  readonly storageData: StorageData
  readonly content: metadataV1.AuthorizeReadResponse
  readonly signal: AbortSignal
}

/** Answers GET and HEAD for one content: conditional requests, one range, verified bytes. */
export const sendContent = async (request: FastifyRequest, reply: FastifyReply, sending: Sending): Promise<void> => {
  const { content } = sending
  const size = Number(content.size)
  const etag = `"${content.versionId}"`
  reply.headers({
    etag,
    'accept-ranges': 'bytes',
    'last-modified': new Date(Number(content.mtimeMs)).toUTCString(),
    'cache-control': 'private, no-store',
    vary: 'Authorization, Cookie',
    'content-type': mediaTypeOf(content.name),
    'content-disposition': contentDisposition(content.name, { type: 'attachment' }),
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
    'cairn-node-id': content.nodeId,
    'cairn-version-id': content.versionId
  })
  if (matches(request.headers['if-none-match'], etag)) {
    await reply.code(304).send()
    return
  }
  const ifMatch = request.headers['if-match']
  if (ifMatch !== undefined && !matches(ifMatch, etag)) {
    throw new CairnError('precondition_failed', 'The file has another version now.')
  }
  const range = ifRangeHolds(request, etag) ? parseRange(request.headers.range, size) : undefined
  if (range === 'unsatisfiable') {
    reply.header('content-range', `bytes */${size}`)
    throw new CairnError('range_not_satisfiable', `The file has ${size} bytes.`)
  }
  const wanted = range ?? { start: 0, end: size }
  reply.code(range ? 206 : 200).header('content-length', wanted.end - wanted.start)
  if (range) reply.header('content-range', `bytes ${range.start}-${range.end - 1}/${size}`)
  if (request.method === 'HEAD' || wanted.start === wanted.end) {
    await reply.send()
    return
  }
  await stream(reply, sending, wanted)
}

const matches = (header: string | undefined, etag: string): boolean =>
  header !== undefined &&
  (header.trim() === '*' || header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag))

const ifRangeHolds = (request: FastifyRequest, etag: string): boolean => {
  const condition = request.headers['if-range']
  return condition === undefined || condition === etag
}

/**
 * Bytes go from the chunk memory to the socket without a copy, so each write is awaited before the next
 * chunk may take its place. The first chunk is verified before the status line is sent.
 */
const stream = async (
  reply: FastifyReply,
  { storageData, content, signal }: Sending,
  range: ByteRange
): Promise<void> => {
  const source = { vaultId: content.vaultId, manifestId: content.manifestId, start: range.start, end: range.end }
  const chunks = storageData.read(source, signal)[Symbol.asyncIterator]()
  try {
    let next = await chunks.next()
    reply.hijack()
    reply.raw.writeHead(reply.statusCode, headersOf(reply))
    for (; !next.done; next = await chunks.next()) await write(reply.raw, next.value)
    reply.raw.end()
  } catch (error) {
    if (!reply.sent) throw error
    if (!(error instanceof ClientGone) && !signal.aborted) reply.log.error({ err: error }, 'a download broke off')
    // Too late for a status: an unfinished body is the only honest sign.
    reply.raw.destroy()
  } finally {
    await chunks.return?.()
  }
}

const headersOf = (reply: FastifyReply): Record<string, string | number | string[]> =>
  Object.fromEntries(
    Object.entries(reply.getHeaders()).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))
  )

/** Whatever a write to a client's socket fails with: the client left, or its connection did. */
class ClientGone extends Error {}

const write = (response: ServerResponse, bytes: Uint8Array): Promise<void> =>
  new Promise((resolve, reject) => {
    response.write(bytes, (error) => (error ? reject(new ClientGone('', { cause: error })) : resolve()))
  })
