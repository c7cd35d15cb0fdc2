import { readFile } from 'node:fs/promises'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { Asset } from './assets.ts'

/**
 * No inline script or style, nothing from elsewhere. WebAssembly cuts files into chunks and decodes images of PDFs;
 * blob: is what previews and downloads of the page's own making are shown from.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "media-src 'self' blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "form-action 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'"
].join('; ')

/** Addresses the app itself understands; everything else stays the API's, with its problem documents. */
const PAGES = [
  '/',
  '/files',
  '/files/*',
  '/trash',
  '/account',
  '/account/*',
  '/administration',
  '/administration/*',
  '/setup',
  '/login',
  '/register',
  '/forgot-password',
  '/reset-password'
]
const HASHED = '/static/'
const FOREVER = 'public, max-age=31536000, immutable'

/** Routes of the web app: its pages (one document), its files (immutable, their names carry their hash). */
export const webRoutes =
  (assets: ReadonlyMap<string, Asset>): FastifyPluginAsync =>
  async (app) => {
    const document = assets.get('/index.html')
    if (document === undefined) throw new Error('the built web app has no index.html')
    const cache = new Map<string, Promise<Buffer>>()
    const read = (file: string): Promise<Buffer> => {
      const known = cache.get(file) ?? readFile(file)
      cache.set(file, known)
      return known
    }
    const hide = { schema: { hide: true } }
    for (const page of PAGES) {
      app.get(page, hide, (request, reply) => send(request, reply, { asset: document, caching: 'no-cache', read }))
    }
    for (const [path, asset] of assets) {
      if (path === '/index.html' || path === '/stamp') continue
      const caching = path.startsWith(HASHED) ? FOREVER : 'no-cache'
      app.get(path, hide, (request, reply) => send(request, reply, { asset, caching, read }))
    }
  }

interface Sending {
  readonly asset: Asset
  readonly caching: string
  readonly read: (file: string) => Promise<Buffer>
}

const send = async (request: FastifyRequest, reply: FastifyReply, { asset, caching, read }: Sending) => {
  const accepted = acceptedEncodings(request.headers['accept-encoding'])
  const form = asset.forms.find(({ encoding }) => encoding === 'identity' || accepted.has(encoding))
  if (form === undefined) throw new Error('an asset without a plain form')
  const etag = `"${asset.etag}-${form.encoding}"`
  reply.headers({
    'content-security-policy': POLICY,
    'content-type': asset.type,
    'cache-control': caching,
    vary: 'Accept-Encoding',
    etag
  })
  if (request.headers['if-none-match'] === etag) return reply.code(304).send()
  if (form.encoding !== 'identity') reply.header('content-encoding', form.encoding)
  return reply.send(await read(form.file))
}

/** Names that are not refused by `q=0`. */
const acceptedEncodings = (header: string | string[] | undefined): ReadonlySet<string> =>
  new Set(
    String(header ?? '')
      .split(',')
      .map((part) => part.trim().toLowerCase())
      .filter((part) => !/;\s*q=0(?:\.0*)?$/.test(part))
      .map((part) => part.split(';', 1)[0] ?? '')
  )
