import type { CallOptions, CommittedNode } from '../models.ts'
import { encodeSegment, path } from '../transport/request.ts'
import { asNetworkError, type Transport } from '../transport/transport.ts'

export interface ContentResource {
  /** A file's bytes, or a range of them. The stream is not resumed when it breaks: ask for the rest. */
  read(drive: string, node: string, options?: ReadOptions): Promise<Content>
  /** Stores a small file in one request: a new one, or a new version of the one at that path. */
  write(drive: string, file: NewContent, options?: CallOptions): Promise<CommittedNode>
}

export interface NewContent {
  /** From the root, e.g. `/notes/a.txt`. */
  readonly path: string
  readonly bytes: Uint8Array<ArrayBuffer>
  /** ISO 8601. */
  readonly mtime?: string
  /** Make missing folders. */
  readonly parents?: boolean
  /** Refuse when a file is there already (`null`), or when another version than this one is. */
  readonly expect?: string | null
}

export interface ReadOptions extends CallOptions {
  /** First byte, 0 by default. */
  readonly start?: number | undefined
  /** Byte after the last one; to the end by default. */
  readonly end?: number | undefined
  /** Default: the current version. */
  readonly version?: string | undefined
}

export interface Content {
  /** Names the version. */
  readonly etag: string | undefined
  /** Of the whole file. */
  readonly size: number | undefined
  /** Rejects with a NetworkError when the connection breaks. */
  readonly bytes: AsyncIterable<Uint8Array>
  /** Ends the transfer; for content that is not read to its end. */
  discard(): Promise<void>
}

export const contentResource = (transport: Transport): ContentResource => ({
  read: async (drive, node, { start, end, version, signal } = {}) => {
    const ranged = start !== undefined || end !== undefined
    const reply = await transport.send({
      method: 'GET',
      path: path`/v1/drives/${drive}/nodes/${node}/content`,
      query: { version },
      headers: {
        accept: '*/*',
        ...(ranged ? { range: `bytes=${start ?? 0}-${end === undefined ? '' : end - 1}` } : {})
      },
      signal
    })
    return {
      etag: reply.headers.get('etag') ?? undefined,
      size: sizeOf(reply.headers),
      bytes: translated(reply.bytes(), signal),
      discard: () => reply.discard()
    }
  },
  write: (drive, { path: place, bytes, mtime, parents, expect }, { signal } = {}) =>
    transport.json({
      method: 'PUT',
      path: path`/v1/drives/${drive}/files/` + place.split('/').filter(Boolean).map(encodeSegment).join('/'),
      query: { mtime, parents },
      headers: {
        'content-type': 'application/octet-stream',
        ...(expect === undefined ? {} : expect === null ? { 'if-none-match': '*' } : { 'if-match': `"${expect}"` })
      },
      body: [bytes],
      signal
    })
})

function sizeOf(headers: Headers): number | undefined {
  const total = /\/(\d+)$/.exec(headers.get('content-range') ?? '')?.[1] ?? headers.get('content-length')
  return total === null || total === undefined ? undefined : Number(total)
}

async function* translated(bytes: AsyncIterable<Uint8Array>, signal: AbortSignal | undefined) {
  try {
    yield* bytes
  } catch (error) {
    throw asNetworkError(error, signal)
  }
}
