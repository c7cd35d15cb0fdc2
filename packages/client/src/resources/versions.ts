import type { CallOptions, MutationOptions, Node, Page, Version } from '../models.ts'
import { pages } from '../pages.ts'
import { path } from '../transport/request.ts'
import type { Transport } from '../transport/transport.ts'

export interface VersionsResource {
  /** A file's versions, newest first, loaded page by page. */
  list(drive: string, node: string, options?: CallOptions): AsyncIterable<Version>
  /** Makes an old version the current one (as a new version; nothing is lost). */
  restore(drive: string, version: VersionRef, options?: MutationOptions): Promise<Node>
  /** For good; the current one cannot be deleted. */
  remove(drive: string, version: VersionRef, options?: CallOptions): Promise<void>
}

export interface VersionRef {
  readonly node: string
  readonly version: string
}

export const versionsResource = (transport: Transport): VersionsResource => ({
  list: (drive, node, { signal } = {}) =>
    pages((cursor) =>
      transport.json<Page<Version>>({
        method: 'GET',
        path: path`/v1/drives/${drive}/nodes/${node}/versions`,
        query: { cursor },
        signal
      })
    ),
  restore: (drive, { node, version }, { signal, idempotencyKey } = {}) =>
    transport.json({
      method: 'POST',
      path: path`/v1/drives/${drive}/nodes/${node}/versions/${version}/restore`,
      headers: transport.once(idempotencyKey),
      signal
    }),
  remove: (drive, { node, version }, { signal } = {}) =>
    transport.none({ method: 'DELETE', path: path`/v1/drives/${drive}/nodes/${node}/versions/${version}`, signal })
})
