import type { CallOptions, Drive, Node } from '../models.ts'
import { path } from '../transport/request.ts'
import type { Transport } from '../transport/transport.ts'

/** A drive is named by its id or as `personal`: the caller's own. */
export interface DrivesResource {
  list(options?: CallOptions): Promise<readonly Drive[]>
  get(drive: string, options?: CallOptions): Promise<Drive>
  /** The node at a path from the drive's root, e.g. `/Photos/2026/a.jpg`. ApiError `not_found`. */
  resolve(drive: string, nodePath: string, options?: CallOptions): Promise<Node>
}

export const drivesResource = (transport: Transport): DrivesResource => ({
  list: async ({ signal } = {}) =>
    (await transport.json<{ items: readonly Drive[] }>({ method: 'GET', path: '/v1/drives', signal })).items,
  get: (drive, { signal } = {}) => transport.json({ method: 'GET', path: path`/v1/drives/${drive}`, signal }),
  resolve: (drive, nodePath, { signal } = {}) =>
    transport.json({ method: 'GET', path: path`/v1/drives/${drive}/resolve`, query: { path: nodePath }, signal })
})
