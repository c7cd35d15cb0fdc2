import { NetworkError, ProtocolError } from '@cairn/client'
import type { RemoteDrive } from '../remote/lookup.ts'

export interface ContentRange {
  readonly node: string
  /** Fixed, so that all parts are of the same content. */
  readonly version: string | null
  readonly start: number
  /** Byte after the last one. */
  readonly end: number
}

const MAX_BREAKS_WITHOUT_PROGRESS = 5

/**
 * The bytes of a range. When the connection breaks midway, it goes on where it stopped; the client's
 * patience bounds each attempt to reach the server.
 */
export async function* readResuming(remote: RemoteDrive, range: ContentRange): AsyncGenerator<Uint8Array, void, void> {
  const { client, drive, signal } = remote
  let { start } = range
  for (let breaks = 0; start < range.end; ) {
    const before = start
    const content = await client.content.read(drive, range.node, {
      start,
      end: range.end,
      ...(range.version === null ? {} : { version: range.version }),
      signal
    })
    if (range.version !== null && content.etag !== undefined && content.etag !== `"${range.version}"`) {
      await content.discard()
      throw new ProtocolError('The server answered with another version than was asked for')
    }
    try {
      for await (const bytes of content.bytes) {
        if (start + bytes.length > range.end) throw new ProtocolError('The server sent more than was asked for')
        start += bytes.length
        yield bytes
      }
      if (start < range.end) throw new NetworkError('The connection ended early')
    } catch (error) {
      if (!(error instanceof NetworkError) || signal.aborted) throw error
      breaks = start > before ? 0 : breaks + 1
      if (breaks >= MAX_BREAKS_WITHOUT_PROGRESS) throw error
    }
  }
}
