import type { CallOptions, MutationOptions, Node, OnConflict, Page } from '../models.ts'
import { pages } from '../pages.ts'
import { path } from '../transport/request.ts'
import type { Transport } from '../transport/transport.ts'

export interface NodesResource {
  get(drive: string, node: string, options?: CallOptions): Promise<Node>
  /** The node and all folders above it, the root first. */
  ancestors(drive: string, node: string, options?: CallOptions): Promise<readonly Node[]>
  /** One page of a folder's entries, ordered by name unless asked otherwise. */
  childrenPage(drive: string, folder: string, options?: ChildrenOptions): Promise<Page<Node>>
  /** All entries of a folder, loaded page by page. */
  children(drive: string, folder: string, options?: CallOptions): AsyncIterable<Node>
  makeFolder(drive: string, folder: NewFolder, options?: MutationOptions): Promise<Node>
  /** Rename, move, or both. */
  update(drive: string, node: string, change: NodeChange, options?: MutationOptions): Promise<Node>
  copy(drive: string, node: string, target: CopyTarget, options?: MutationOptions): Promise<Node>
  /** Many changes in order and in one transaction, at most 500. Repeatable: each carries its id. */
  operate(drive: string, request: OperationsRequest, options?: CallOptions): Promise<OperationsReply>
  /** Into the trash. */
  trash(drive: string, node: string, options?: MutationOptions): Promise<void>
}

export interface ChildrenOptions extends CallOptions {
  readonly cursor?: string | undefined
  readonly limit?: number | undefined
  readonly sort?: 'name' | 'size' | 'mtime' | undefined
  readonly order?: 'asc' | 'desc' | undefined
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

export interface OperationsRequest {
  readonly operations: readonly NodeOperation[]
  /** All or nothing; else one refused operation does not fail the others. */
  readonly atomic?: boolean
}

/** Ids may be `op:<opId>`: what an earlier operation of the same request made. */
export type NodeOperation = { readonly opId: string } & (
  | { readonly op: 'make_folder'; readonly parentId: string; readonly name: string; readonly exclusive?: boolean }
  | ({ readonly op: 'move'; readonly nodeId: string; readonly baseRev?: number } & NodeChange)
  | { readonly op: 'trash'; readonly nodeId: string; readonly baseRev?: number; readonly observedSeq?: number }
  | { readonly op: 'restore'; readonly nodeId: string }
  | ({ readonly op: 'copy'; readonly nodeId: string } & CopyTarget)
)

export interface OperationsReply {
  readonly results: readonly NodeOperationResult[]
  readonly headSeq: number
}

export interface NodeOperationResult {
  readonly opId: string
  readonly error?: { readonly code: string; readonly detail: string }
  /** Also of a refused operation, where the server knows it: as it stands. */
  readonly node?: Node
}

const PAGE_SIZE = 1000

export function nodesResource(transport: Transport): NodesResource {
  const childrenPage: NodesResource['childrenPage'] = (drive, folder, { signal, cursor, limit, sort, order } = {}) =>
    transport.json({
      method: 'GET',
      path: path`/v1/drives/${drive}/nodes/${folder}/children`,
      query: { cursor, limit: limit ?? PAGE_SIZE, sort, order },
      signal
    })
  return {
    get: (drive, node, { signal } = {}) =>
      transport.json({ method: 'GET', path: path`/v1/drives/${drive}/nodes/${node}`, signal }),
    ancestors: async (drive, node, { signal } = {}) =>
      (
        await transport.json<{ items: readonly Node[] }>({
          method: 'GET',
          path: path`/v1/drives/${drive}/nodes/${node}/path`,
          signal
        })
      ).items,
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
    operate: (drive, json, { signal } = {}) =>
      transport.json({ method: 'POST', path: path`/v1/drives/${drive}/operations`, json, idempotent: true, signal }),
    trash: (drive, node, { signal, idempotencyKey } = {}) =>
      transport.none({
        method: 'DELETE',
        path: path`/v1/drives/${drive}/nodes/${node}`,
        headers: transport.once(idempotencyKey),
        signal
      })
  }
}
