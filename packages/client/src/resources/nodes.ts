import type { CallOptions, MutationOptions, Node, OnConflict, Page } from '../models.ts'
import { pages } from '../pages.ts'
import { path } from '../transport/request.ts'
import type { Transport } from '../transport/transport.ts'

export interface NodesResource {
  get(drive: string, node: string, options?: CallOptions): Promise<Node>
  /** One page of a folder's entries, ordered by name. */
  childrenPage(drive: string, folder: string, options?: ChildrenOptions): Promise<Page<Node>>
  /** All entries of a folder, loaded page by page. */
  children(drive: string, folder: string, options?: CallOptions): AsyncIterable<Node>
  makeFolder(drive: string, folder: NewFolder, options?: MutationOptions): Promise<Node>
  /** Rename, move, or both. */
  update(drive: string, node: string, change: NodeChange, options?: MutationOptions): Promise<Node>
  copy(drive: string, node: string, target: CopyTarget, options?: MutationOptions): Promise<Node>
  /** Into the trash. */
  trash(drive: string, node: string, options?: MutationOptions): Promise<void>
}

export interface ChildrenOptions extends CallOptions {
  readonly cursor?: string | undefined
  readonly limit?: number | undefined
}

export interface NewFolder {
  readonly parentId: string
  readonly name: string
  /** Refuse with `name_taken` when a folder of that name is there; else that one is returned. */
  readonly exclusive?: boolean
}

export interface NodeChange {
  readonly parentId?: string
  readonly name?: string
  readonly onConflict?: Exclude<OnConflict, 'version'>
}

export interface CopyTarget {
  readonly parentId: string
  readonly name?: string
  readonly onConflict?: Exclude<OnConflict, 'version'>
}

const PAGE_SIZE = 1000

export function nodesResource(transport: Transport): NodesResource {
  const childrenPage: NodesResource['childrenPage'] = (drive, folder, { signal, cursor, limit } = {}) =>
    transport.json({
      method: 'GET',
      path: path`/v1/drives/${drive}/nodes/${folder}/children`,
      query: { cursor, limit: limit ?? PAGE_SIZE },
      signal
    })
  return {
    get: (drive, node, { signal } = {}) =>
      transport.json({ method: 'GET', path: path`/v1/drives/${drive}/nodes/${node}`, signal }),
    childrenPage,
    children: (drive, folder, { signal } = {}) => pages((cursor) => childrenPage(drive, folder, { cursor, signal })),
    makeFolder: (drive, folder, { signal, idempotencyKey } = {}) =>
      transport.json({
        method: 'POST',
        path: path`/v1/drives/${drive}/folders`,
        json: folder,
        headers: transport.once(idempotencyKey),
        signal
      }),
    update: (drive, node, change, { signal, idempotencyKey } = {}) =>
      transport.json({
        method: 'PATCH',
        path: path`/v1/drives/${drive}/nodes/${node}`,
        json: change,
        headers: transport.once(idempotencyKey),
        signal
      }),
    copy: (drive, node, target, { signal, idempotencyKey } = {}) =>
      transport.json({
        method: 'POST',
        path: path`/v1/drives/${drive}/nodes/${node}/copy`,
        json: target,
        headers: transport.once(idempotencyKey),
        signal
      }),
    trash: (drive, node, { signal, idempotencyKey } = {}) =>
      transport.none({
        method: 'DELETE',
        path: path`/v1/drives/${drive}/nodes/${node}`,
        headers: transport.once(idempotencyKey),
        signal
      })
  }
}
