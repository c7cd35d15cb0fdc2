import type { CallOptions, MutationOptions, Node, Page, TrashedNode } from '../models.ts'
import { pages } from '../pages.ts'
import { path } from '../transport/request.ts'
import type { Transport } from '../transport/transport.ts'

export interface TrashResource {
  /** Everything in the drive's trash, loaded page by page. */
  list(drive: string, options?: CallOptions): AsyncIterable<TrashedNode>
  /** Back to where it was; beside it when the name is taken. */
  restore(drive: string, node: string, options?: MutationOptions): Promise<Node>
  /** For good. */
  purge(drive: string, node: string, options?: MutationOptions): Promise<void>
  /** Purges everything in the trash. */
  empty(drive: string, options?: MutationOptions): Promise<void>
}

export const trashResource = (transport: Transport): TrashResource => ({
  list: (drive, { signal } = {}) =>
    pages((cursor) =>
      transport.json<Page<TrashedNode>>({
        method: 'GET',
        path: path`/v1/drives/${drive}/trash`,
        query: { cursor },
        signal
      })
    ),
  restore: (drive, node, { signal, idempotencyKey } = {}) =>
    transport.json({
      method: 'POST',
      path: path`/v1/drives/${drive}/trash/${node}/restore`,
      headers: transport.once(idempotencyKey),
      signal
    }),
  purge: (drive, node, { signal } = {}) =>
    transport.none({ method: 'DELETE', path: path`/v1/drives/${drive}/trash/${node}`, signal }),
  empty: (drive, { signal } = {}) => transport.none({ method: 'DELETE', path: path`/v1/drives/${drive}/trash`, signal })
})
