import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { zstdDecompressSync } from 'node:zlib'
import { createFrameDecoder } from '@cairn/chunking'
import { createNativeIdHasher } from '@cairn/chunking/native'
import { createFakeStore, type FakeStore } from './_fake-store.ts'

/** What a test may do to a request before the server sees it. `true` = it was dealt with. */
export type Fault = (request: IncomingMessage, response: ServerResponse) => boolean

export interface FakeServer extends AsyncDisposable {
  readonly url: string
  readonly store: FakeStore
  /** `METHOD /path` of every request. */
  readonly log: string[]
  /** Plain bytes of frames received. */
  framesBytes: number
  fault: Fault | undefined
  /** Access tokens that are accepted. */
  readonly tokens: Set<string>
  /** The only refresh token that is accepted. */
  refreshToken: string
  drop(): void
}

interface Reply {
  readonly status?: number
  readonly json?: unknown
  readonly bytes?: Buffer
  readonly headers?: Record<string, string>
}

const problem = (status: number, code: string): Reply => ({
  status,
  json: { status, code, title: code, detail: `${code}!` }
})

const hasher = await createNativeIdHasher()

export async function startFakeServer(): Promise<FakeServer> {
  const store = createFakeStore()
  const uploads = new Map<string, string>()
  const server = createServer((request, response) => {
    fake.log.push(`${request.method} ${request.url}`)
    if (fake.fault?.(request, response)) return
    answer(request).then(
      (reply) => send(response, reply),
      (error) => send(response, { status: 500, json: { code: 'internal', detail: String(error) } })
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const fake: FakeServer = {
    url: `http://127.0.0.1:${port}`,
    store,
    log: [],
    framesBytes: 0,
    fault: undefined,
    tokens: new Set(['good']),
    refreshToken: 'refresh-1',
    drop: () => server.closeAllConnections(),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
  }

  const answer = async (request: IncomingMessage): Promise<Reply> => {
    const url = new URL(request.url ?? '', fake.url)
    const body = await readBody(request)
    const json = () => JSON.parse(body.toString('utf8'))
    if (url.pathname === '/v1/auth/login') {
      const { username, password } = json()
      return password === 'right' ? { json: signIn(username) } : problem(401, 'unauthenticated')
    }
    if (url.pathname === '/v1/auth/refresh') {
      return json().refreshToken === fake.refreshToken ? { json: signIn('ann') } : problem(401, 'unauthenticated')
    }
    if (!fake.tokens.has((request.headers.authorization ?? '').replace('Bearer ', '')))
      return problem(401, 'unauthenticated')
    if (url.pathname === '/v1/auth/logout') return { status: 204 }
    if (url.pathname === '/v1/auth/me') return { json: { id: randomUUID(), username: 'ann', email: null, admin: true } }
    const [, rest] = /^\/v1\/drives\/personal(.*)$/.exec(url.pathname) ?? []
    if (rest === undefined) return problem(404, 'not_found')
    return drive(request, { url, rest, body, json })
  }

  const signIn = (username: string) => {
    const accessToken = `access-${randomUUID()}`
    fake.tokens.add(accessToken)
    fake.refreshToken = `refresh-${randomUUID()}`
    const user = { id: randomUUID(), username, email: null, admin: true }
    return {
      accessToken,
      refreshToken: fake.refreshToken,
      tokenType: 'Bearer',
      expiresIn: 600,
      sessionId: randomUUID(),
      user
    }
  }

  interface Call {
    readonly url: URL
    readonly rest: string
    readonly body: Buffer
    json(): ReturnType<typeof JSON.parse>
  }

  const drive = (request: IncomingMessage, { url, rest, body, json }: Call): Reply => {
    const route = `${request.method} ${rest}`
    const [, nodeId = '', tail = ''] = /^\/nodes\/([^/]+)(.*)$/.exec(rest) ?? []
    const node = store.nodes.get(nodeId)
    if (route === 'GET ') return { json: { id: store.driveId, name: 'Personal', rootId: store.root.id } }
    if (route === 'GET /resolve') {
      const found = store.resolve(url.searchParams.get('path') ?? '')
      return found ? { json: found } : problem(404, 'not_found')
    }
    if (route === 'POST /folders') return { status: 201, json: store.makeFolder(json().parentId, json().name) }
    if (route === 'POST /uploads') {
      const { clientKey } = json()
      const uploadId = uploads.get(clientKey) ?? randomUUID()
      uploads.set(clientKey, uploadId)
      const chunkingKey = Buffer.alloc(32, 7).toString('base64url')
      return { json: { uploadId, profile: 1, chunkingKey, leaseUntil: new Date().toISOString() } }
    }
    if (route.endsWith('/have')) {
      const ids: string[] = json().wireIds
      return { json: { need: ids.flatMap((id, index) => (store.chunks.has(id) ? [] : [index])) } }
    }
    if (route.endsWith('/frames')) {
      for (const { wireId, bytes } of decode(body).frames) {
        store.chunks.set(Buffer.from(wireId).toString('hex'), Buffer.from(bytes))
        fake.framesBytes += bytes.length
      }
      return { status: 204 }
    }
    if (route.endsWith('/commit')) {
      const missing = json().files.some((file: { chunks: { wireId: string }[] }) =>
        file.chunks.some(({ wireId }) => !store.chunks.has(wireId))
      )
      if (missing) return problem(409, 'chunk_missing')
      return {
        json: {
          results: json().files.map(
            (file: { chunks: { wireId: string }[]; opId: string; parentId: string; name: string; mtime: number }) => {
              const content = Buffer.concat(
                file.chunks.map(({ wireId }) => store.chunks.get(wireId) ?? Buffer.alloc(0))
              )
              return { opId: file.opId, node: store.putFile({ ...file, content }) }
            }
          )
        }
      }
    }
    if (route === 'POST /batch') return { json: { results: batch(body) } }
    if (request.method === 'DELETE' && rest.startsWith('/uploads/')) return { status: 204 }
    if (node === undefined) return problem(404, 'not_found')
    if (tail === '') return { json: node }
    if (tail === '/children') {
      const from = Number(url.searchParams.get('cursor') ?? 0)
      const size = Math.min(3, Number(url.searchParams.get('limit') ?? 3))
      const all = store.children(node.id)
      const more = from + size < all.length
      return { json: { items: all.slice(from, from + size), nextCursor: more ? String(from + size) : null } }
    }
    if (tail === '/content') return content(request, url.searchParams.get('version') ?? node.versionId ?? '')
    return problem(404, 'not_found')
  }

  const content = (request: IncomingMessage, version: string): Reply => {
    const bytes = store.contents.get(version)
    if (bytes === undefined) return problem(404, 'not_found')
    const [, from = '0', to = ''] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? []
    const [start, end] = [Number(from), to === '' ? bytes.length : Number(to) + 1]
    const headers = { etag: `"${version}"`, 'content-range': `bytes ${start}-${end - 1}/${bytes.length}` }
    return { status: request.headers.range ? 206 : 200, bytes: bytes.subarray(start, end), headers }
  }

  const batch = (body: Buffer) => {
    const { frames, operations } = decode(body)
    const made = new Map<string, string>()
    const { ops } = operations as { ops: Record<string, unknown>[] }
    return ops.map((op) => {
      const [opId, name] = [String(op['opId']), String(op['name'])]
      const parent = String(op['parentId'])
      const parentId = parent.startsWith('op:') ? (made.get(parent.slice(3)) ?? '') : parent
      if (name.startsWith('bad')) return { opId, error: { code: 'invalid_name', detail: 'no such names' } }
      if (!store.nodes.has(parentId)) return { opId, error: { code: 'parent_gone', detail: 'gone' } }
      if (op['op'] === 'mkdir') {
        const node = store.makeFolder(parentId, name)
        made.set(opId, node.id)
        return { opId, node }
      }
      const bytes = op['frame'] === undefined ? Buffer.alloc(0) : frames[Number(op['frame'])]?.bytes
      return {
        opId,
        node: store.putFile({ parentId, name, content: Buffer.from(bytes ?? []), mtime: Number(op['mtime']) })
      }
    })
  }
  return fake
}

function decode(body: Buffer) {
  const decoder = createFrameDecoder({
    maxFrame: 4 * 1024 * 1024,
    maxTotal: 16 * 1024 * 1024,
    decompress: (bytes) => zstdDecompressSync(bytes),
    hash: (bytes) => hasher.hash(bytes)
  })
  const frames = decoder.push(body)
  return { frames, operations: decoder.end().operations }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part)
  return Buffer.concat(parts)
}

function send(response: ServerResponse, { status = 200, json, bytes, headers }: Reply): void {
  const type = status >= 400 ? 'application/problem+json' : 'application/json'
  const body = bytes ?? (json === undefined ? undefined : Buffer.from(JSON.stringify(json)))
  response.writeHead(status, {
    ...headers,
    ...(body === undefined ? {} : { 'content-type': type, 'content-length': String(body.length) })
  })
  response.end(body)
}
