import { createHash, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/** How the server treats `If-None-Match: *`. */
export type Conditional = 'obeyed' | 'rejected' | 'ignored'

export interface FakeRequest {
  /** S3's name of the operation, e.g. "PutObject". */
  readonly operation: string
  readonly key: string
  /** 0 for the first request of this operation. */
  readonly nth: number
}

/** What to do instead of just answering. */
export type Trouble =
  | { readonly kind: 'error'; readonly status: number; readonly code: string }
  /** Closes the connection without doing anything. */
  | { readonly kind: 'reset' }
  /** Does it, then closes the connection: the acknowledgement is lost. */
  | { readonly kind: 'lost-ack' }
  /** Announces everything, sends that many bytes, closes. */
  | { readonly kind: 'cut-body'; readonly after: number }
  /** Sends that many bytes, then nothing more, connection open. */
  | { readonly kind: 'stall-body'; readonly after: number }
  /** Takes the request and never answers. */
  | { readonly kind: 'hang' }
  /** 200 with an error document, doing nothing. */
  | { readonly kind: 'error-in-200'; readonly code: string }
  /** 200 without having done anything. */
  | { readonly kind: 'lie' }

export interface FakeS3 extends AsyncDisposable {
  readonly endpoint: string
  readonly objects: Map<string, FakeObject>
  readonly uploads: Map<string, Map<number, Buffer>>
  /** Requests so far by operation. */
  readonly counts: Map<string, number>
  /** Connections open now. */
  readonly connections: () => number
  trouble: (request: FakeRequest) => Trouble | undefined
}

interface FakeObject {
  readonly bytes: Buffer
  readonly writer: string | undefined
}

export const BUCKET = 'bucket'

/** As much of S3 as the driver needs, in memory, with trouble on request. Checks payload hashes, not signatures. */
export const startFakeS3 = async (conditional: Conditional = 'obeyed'): Promise<FakeS3> => {
  const sockets = new Set<Socket>()
  const server = createServer((request, response) => {
    handle(fake, conditional, { request, response }).catch((error: unknown) => response.destroy(error as Error))
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const fake: FakeS3 = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects: new Map(),
    uploads: new Map(),
    counts: new Map(),
    connections: () => sockets.size,
    trouble: () => undefined,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    }
  }
  return fake
}

interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

interface Answer {
  readonly status: number
  readonly headers?: Record<string, string | number>
  readonly body?: Buffer | string
}

const handle = async (fake: FakeS3, conditional: Conditional, { request, response }: Exchange): Promise<void> => {
  const body = await bodyOf(request)
  const url = new URL(request.url ?? '', 'http://fake')
  const key = url.pathname.slice(BUCKET.length + 2)
  const operation = operationOf(request.method ?? '', key, url.searchParams)
  const nth = fake.counts.get(operation) ?? 0
  fake.counts.set(operation, nth + 1)
  const trouble = fake.trouble({ operation, key, nth })
  if (trouble?.kind === 'hang') return
  if (trouble?.kind === 'reset') return void request.socket.destroy()
  if (trouble?.kind === 'error') return send(response, failure(trouble.status, trouble.code))
  if (trouble?.kind === 'error-in-200') return send(response, { ...failure(200, trouble.code) })
  if (trouble?.kind === 'lie') return send(response, { status: 200, headers: { ETag: '"lie"' }, body: '<Ok/>' })
  const answer = perform(fake, conditional, { operation, key, body, query: url.searchParams, request })
  if (trouble?.kind === 'lost-ack') return void request.socket.destroy()
  if (trouble?.kind === 'cut-body' || trouble?.kind === 'stall-body') return sendPartly(response, answer, trouble)
  send(response, answer)
}

const operationOf = (method: string, key: string, query: URLSearchParams): string => {
  if (key === '') return method === 'HEAD' ? 'HeadBucket' : 'ListObjectsV2'
  if (query.has('uploads')) return 'CreateMultipartUpload'
  if (query.has('uploadId')) {
    return { PUT: 'UploadPart', POST: 'CompleteMultipartUpload', DELETE: 'AbortMultipartUpload' }[method] ?? method
  }
  return { PUT: 'PutObject', GET: 'GetObject', HEAD: 'HeadObject', DELETE: 'DeleteObject' }[method] ?? method
}

interface Action {
  readonly operation: string
  readonly key: string
  readonly body: Buffer
  readonly query: URLSearchParams
  readonly request: IncomingMessage
}

const perform = (fake: FakeS3, conditional: Conditional, action: Action): Answer => {
  const { operation, key, body, query, request } = action
  const uploadId = query.get('uploadId') ?? ''
  const object = fake.objects.get(key)
  if (request.headers['x-amz-content-sha256'] !== createHash('sha256').update(body).digest('hex')) {
    return failure(400, 'XAmzContentSHA256Mismatch')
  }
  switch (operation) {
    case 'HeadBucket':
      return { status: 200 }
    case 'ListObjectsV2':
      return list(fake, query)
    case 'HeadObject':
      return object === undefined ? { status: 404 } : { status: 200, headers: headersOf(object), body: object.bytes }
    case 'GetObject':
      return object === undefined ? failure(404, 'NoSuchKey') : rangeOf(object, request.headers.range ?? '')
    case 'DeleteObject':
      fake.objects.delete(key)
      return { status: 204 }
    case 'PutObject': {
      const condition = request.headers['if-none-match']
      if (condition !== undefined && conditional === 'rejected') return failure(501, 'NotImplemented')
      if (condition !== undefined && conditional === 'obeyed' && object) return failure(412, 'PreconditionFailed')
      fake.objects.set(key, { bytes: body, writer: writerOf(request) })
      return { status: 200, headers: { ETag: etagOf(body) } }
    }
    case 'CreateMultipartUpload': {
      const id = `${writerOf(request)}.${randomUUID()}`
      fake.uploads.set(id, new Map())
      return {
        status: 200,
        body: `<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`
      }
    }
    case 'UploadPart':
      fake.uploads.get(uploadId)?.set(Number(query.get('partNumber')), body)
      return fake.uploads.has(uploadId)
        ? { status: 200, headers: { ETag: etagOf(body) } }
        : failure(404, 'NoSuchUpload')
    case 'CompleteMultipartUpload': {
      const parts = fake.uploads.get(uploadId)
      if (parts === undefined) return failure(404, 'NoSuchUpload')
      const bytes = Buffer.concat([...parts].sort(([a], [b]) => a - b).map(([, part]) => part))
      fake.objects.set(key, { bytes, writer: uploadId.split('.')[0] })
      fake.uploads.delete(uploadId)
      return { status: 200, body: '<CompleteMultipartUploadResult><ETag>"x-2"</ETag></CompleteMultipartUploadResult>' }
    }
    case 'AbortMultipartUpload':
      return fake.uploads.delete(uploadId) ? { status: 204 } : failure(404, 'NoSuchUpload')
    default:
      return failure(405, 'MethodNotAllowed')
  }
}

const writerOf = (request: IncomingMessage): string | undefined => {
  const value = request.headers['x-amz-meta-cairn-writer']
  return typeof value === 'string' ? value : undefined
}

const etagOf = (bytes: Buffer): string => `"${createHash('md5').update(bytes).digest('hex')}"`

const headersOf = (object: FakeObject): Record<string, string | number> => ({
  'Content-Length': object.bytes.length,
  ETag: etagOf(object.bytes),
  ...(object.writer === undefined ? {} : { 'x-amz-meta-cairn-writer': object.writer })
})

const rangeOf = ({ bytes }: FakeObject, range: string): Answer => {
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? []
  const from = Number(first)
  if (from >= bytes.length) return failure(416, 'InvalidRange')
  const part = bytes.subarray(from, Number(last) + 1)
  const contentRange = `bytes ${from}-${from + part.length - 1}/${bytes.length}`
  return { status: 206, headers: { 'Content-Range': contentRange, 'Content-Length': part.length }, body: part }
}

const list = (fake: FakeS3, query: URLSearchParams): Answer => {
  const after = query.get('continuation-token') ?? ''
  const limit = Number(query.get('max-keys') ?? 1000)
  const prefix = query.get('prefix') ?? ''
  const keys = [...fake.objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort()
  const page = keys.slice(0, limit)
  const contents = page.map(
    (key) =>
      `<Contents><Key>${key}</Key><Size>${fake.objects.get(key)?.bytes.length}</Size>` +
      `<LastModified>${new Date().toISOString()}</LastModified></Contents>`
  )
  const more = keys.length > limit
  const next = more ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : ''
  return {
    status: 200,
    body: `<ListBucketResult><IsTruncated>${more}</IsTruncated>${next}${contents.join('')}</ListBucketResult>`
  }
}

const failure = (status: number, code: string): Answer => ({
  status,
  headers: { 'Content-Type': 'application/xml' },
  body: `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`
})

const send = (response: ServerResponse, { status, headers = {}, body = '' }: Answer): void => {
  response.writeHead(status, { 'Content-Length': Buffer.byteLength(body), ...headers })
  response.end(response.req.method === 'HEAD' ? undefined : body)
}

const sendPartly = (response: ServerResponse, answer: Answer, trouble: { kind: string; after: number }): void => {
  response.writeHead(answer.status, answer.headers)
  response.write(Buffer.from(answer.body ?? '').subarray(0, trouble.after), () => {
    if (trouble.kind === 'cut-body') response.destroy()
  })
}

const bodyOf = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
