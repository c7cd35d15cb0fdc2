import type { MessageInitShape } from '@bufbuild/protobuf'
import { CairnError, type ErrorCode, MetadataService, type metadataV1 } from '@cairn/contracts'
import { bindRpc, type RpcBinding } from '@cairn/rpc'

export interface FakeNode {
  id: string
  parentId: string
  name: string
  kind: 'file' | 'folder'
  state: 'live' | 'trashed'
  versionId: string
  manifestId: Uint8Array
  size: number
  mtimeMs: number
  contentRev: number
}

export interface FakeMetadata {
  readonly rpc: RpcBinding
  readonly nodes: Map<string, FakeNode>
  readonly commits: metadataV1.CommitRequest[]
}

type Result = MessageInitShape<typeof metadataV1.OperationResultSchema>

/** The tree in memory: one drive per user whose id is the user's id. Enough of the contract for this service. */
export const createFakeMetadata = (uuid: () => string): FakeMetadata => {
  const nodes = new Map<string, FakeNode>()
  const results = new Map<string, Result>()
  const commits: metadataV1.CommitRequest[] = []

  const root = (userId: string): FakeNode => {
    const node: FakeNode = nodes.get(userId) ?? blank({ id: userId, parentId: '', name: '', kind: 'folder' })
    nodes.set(userId, node)
    return node
  }
  const child = (parentId: string, name: string): FakeNode | undefined =>
    [...nodes.values()].find((node) => node.parentId === parentId && node.name === name && node.state === 'live')
  const folder = (id: string): FakeNode => {
    const node = nodes.get(id)
    if (node === undefined) throw new CairnError('not_found', 'no folder')
    if (node.state === 'trashed') throw new CairnError('parent_gone', 'trashed')
    return node
  }
  const makeFolder = (parentId: string, name: string): FakeNode => {
    const existing = child(folder(parentId).id, validName(name))
    if (existing) return existing
    const node = blank({ id: uuid(), parentId, name, kind: 'folder' })
    nodes.set(node.id, node)
    return node
  }

  const spot = (request: metadataV1.AuthorizeWriteRequest): { parentId: string; name: string } => {
    const { nodeId = '', parentId = '', name = '', path = '' } = request.place ?? {}
    const existing = nodes.get(nodeId)
    if (nodeId !== '' && existing?.state !== 'live') throw new CairnError('not_found', 'no node')
    if (existing) return { parentId: existing.parentId, name: existing.name }
    if (path === '') return { parentId: folder(parentId || request.userId).id, name: name && validName(name) }
    const names = path.split('/').map(validName)
    let at = root(request.userId).id
    for (const part of names.slice(0, -1)) {
      const next = request.makeParents ? makeFolder(at, part) : child(at, part)
      if (next === undefined) throw new CairnError('not_found', 'no parent')
      at = next.id
    }
    return { parentId: at, name: names.at(-1) ?? '' }
  }

  const apply = (operation: metadataV1.Operation, refs: Map<string, string>): FakeNode => {
    const resolve = (ref: string): string => (ref.startsWith('op:') ? (refs.get(ref.slice(3)) ?? '') : ref)
    const { kind } = operation
    if (kind.case === 'makeFolder') return makeFolder(resolve(kind.value.parentId), kind.value.name)
    if (kind.case === 'trash') return Object.assign(folder(resolve(kind.value.nodeId)), { state: 'trashed' })
    if (kind.case !== 'putFile') throw new CairnError('invalid_request', 'not offered by the fake')
    const put = kind.value
    const parentId = resolve(put.parentId)
    const standing = put.nodeId ? folder(put.nodeId) : child(folder(parentId).id, validName(put.name))
    if (standing && put.onConflict === 'fail') throw new CairnError('name_taken', 'taken')
    if (put.baseRev !== undefined && Number(put.baseRev) !== (standing?.contentRev ?? 0)) {
      throw new CairnError('precondition_failed', 'stale')
    }
    const node = standing ?? blank({ id: uuid(), parentId, name: put.name, kind: 'file' })
    nodes.set(node.id, node)
    return Object.assign(node, {
      versionId: put.versionId,
      manifestId: put.manifestId,
      size: Number(put.size),
      mtimeMs: Number(put.mtimeMs),
      contentRev: node.contentRev + 1
    })
  }

  const judge = (operation: metadataV1.Operation, refs: Map<string, string>): Result => {
    const known = results.get(operation.opId)
    if (known) return known
    try {
      const node = apply(operation, refs)
      refs.set(operation.opId, node.id)
      const result = { opId: operation.opId, node: toState(node) }
      results.set(operation.opId, result)
      return result
    } catch (error) {
      if (!(error instanceof CairnError)) throw error
      return { opId: operation.opId, errorCode: error.code satisfies ErrorCode, errorMessage: error.message }
    }
  }

  return {
    nodes,
    commits,
    rpc: bindRpc(MetadataService, {
      authorizeWrite: async (request) => {
        if (request.drive !== 'personal' && request.drive !== request.userId) throw new CairnError('not_found', 'drive')
        root(request.userId)
        const { parentId, name } = spot(request)
        const file = child(parentId, name)
        return {
          vaultId: request.userId,
          driveId: request.userId,
          parentId,
          name,
          nodeId: file?.id ?? '',
          currentVersionId: file?.versionId ?? '',
          contentRev: BigInt(file?.contentRev ?? 0),
          quotaAvailable: -1n
        }
      },
      commit: async (request) => {
        commits.push(request)
        const refs = new Map<string, string>()
        return { results: request.operations.map((operation) => judge(operation, refs)), headSeq: 1n }
      },
      authorizeRead: async () => ({}),
      fenceVersions: async () => ({}),
      listVersions: async () => ({}),
      checkTree: async () => ({})
    })
  }
}

const blank = (node: Pick<FakeNode, 'id' | 'parentId' | 'name' | 'kind'>): FakeNode => ({
  ...node,
  state: 'live',
  versionId: '',
  manifestId: new Uint8Array(),
  size: 0,
  mtimeMs: 0,
  contentRev: 0
})

const validName = (name: string): string => {
  if (name === '' || name === '.' || name === '..' || name.includes('/') || name.includes('\0')) {
    throw new CairnError('invalid_name', 'name')
  }
  return name
}

const toState = (node: FakeNode): MessageInitShape<typeof metadataV1.NodeStateSchema> => ({
  nodeId: node.id,
  parentId: node.parentId,
  name: node.name,
  kind: node.kind,
  state: node.state,
  versionId: node.versionId,
  size: BigInt(node.size),
  mtimeMs: BigInt(node.mtimeMs),
  contentRev: BigInt(node.contentRev),
  metaRev: 1n,
  seq: 1n
})
