import type { CallOptions } from '../models.ts'
import { path } from '../transport/request.ts'
import { asNetworkError, type Transport } from '../transport/transport.ts'

export interface ContentResource {
  /** A file's bytes, or a range of them. The stream is not resumed when it breaks: ask for the rest. */
  read(drive: string, node: string, options?: ReadOptions): Promise<Content>
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
  }
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
