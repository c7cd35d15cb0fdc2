import { CairnError } from '@cairn/contracts'
import type { MetadataContext } from '../context.ts'
import type { TreeNode, VersionRecord } from '../domain/node.ts'
import type { Action, NodeRef, TreeOperation } from '../domain/operation.ts'
import { requestHash } from '../domain/request-hash.ts'
import { notFound } from '../errors.ts'
import type { DriveKey } from '../store/database.ts'
import { readReachable } from '../store/read-nodes.ts'
import { readSubtree } from '../store/read-subtree.ts'
import { readVersionsById } from '../store/read-versions.ts'
import { derivedUuid } from '../uuid.ts'
import type { ApiOperationOf } from './api-operation.ts'
import { copyReferences } from './copy-references.ts'
import { hashOperation } from './hash-operation.ts'

export const MAX_COPIED_NODES = 50_000

type CopyOperation = ApiOperationOf<'copy'>

/** What a copy will take: the source's nodes as they are now, parents first, the source itself at the front. */
export const readCopySource = async (
  context: MetadataContext,
  key: DriveKey,
  operation: CopyOperation
): Promise<readonly TreeNode[]> => {
  const db = context.database.query
  const source = await readReachable(db, key, operation.nodeId)
  if (source === undefined) throw notFound()
  if (source.node.kind === 'file') return [source.node]
  const below = await readSubtree(db, key, { folderId: source.node.id, limit: MAX_COPIED_NODES - 1 })
  if (below === undefined) {
    throw new CairnError('payload_too_large', `A copy takes at most ${MAX_COPIED_NODES} files and folders`)
  }
  return [source.node, ...below]
}

/** Each copied node is an operation of its own; a repeat of the copy finds the same ids. */
export const partOpId = (operation: CopyOperation, source: Pick<TreeNode, 'id'>): string =>
  derivedUuid('copy', operation.opId, source.id)

/**
 * Turns nodes of the source into operations, with fresh references to their content. `parentOf` says
 * where the copy of a node's parent is.
 */
export const copyOperations = async (
  context: MetadataContext,
  key: DriveKey,
  part: {
    readonly operation: CopyOperation
    readonly nodes: readonly TreeNode[]
    readonly opIdOf: (node: TreeNode) => string
    readonly parentOf: (node: TreeNode) => NodeRef
  }
): Promise<readonly TreeOperation[]> => {
  const { operation, nodes, opIdOf, parentOf } = part
  const contents = await takeContents(context, key, nodes)
  const whole = hashOperation(operation)
  const wholeHex = Buffer.from(whole).toString('hex')
  return nodes.map((node): TreeOperation => {
    const isTop = node.id === operation.nodeId
    const opId = opIdOf(node)
    return {
      opId,
      requestHash: opId === operation.opId ? whole : requestHash({ copy: wholeHex, source: node.id }),
      journalOp: 'copy',
      action: copyAction({
        node,
        content: contents.get(node.id),
        newId: context.random.uuid(),
        parent: parentOf(node),
        name: isTop ? (operation.name ?? node.name) : node.name,
        onConflict: isTop ? operation.onConflict : 'fail'
      })
    }
  })
}

interface TakenContent {
  readonly versionId: string
  readonly version: VersionRecord
}

const takeContents = async (
  context: MetadataContext,
  key: DriveKey,
  nodes: readonly TreeNode[]
): Promise<Map<string, TakenContent>> => {
  const versionIds = nodes.flatMap(({ versionId }) => (versionId === null ? [] : [versionId]))
  const versions = await readVersionsById(context.database.query, key.vaultId, versionIds)
  const taken = versions.map((version): TakenContent => ({ versionId: context.random.uuid(), version }))
  await copyReferences(
    context,
    key.vaultId,
    taken.map(({ version, versionId }) => ({ from: version.id, to: versionId }))
  )
  return new Map(taken.map((content) => [content.version.nodeId, content]))
}

const copyAction = (copy: {
  readonly node: TreeNode
  readonly content: TakenContent | undefined
  readonly newId: string
  readonly parent: NodeRef
  readonly name: string
  readonly onConflict: CopyOperation['onConflict']
}): Action => {
  const { node, content, newId: newNodeId, parent, name, onConflict } = copy
  if (node.kind === 'folder') {
    return { kind: 'make-folder', newNodeId, parent, name, onConflict: onConflict === 'rename' ? 'rename' : 'fail' }
  }
  // Changed since it was read: the caller tries again and sees the new state.
  if (content === undefined) throw new CairnError('conflict', 'The source has changed meanwhile')
  const { manifestId, size, mtime } = content.version
  return {
    kind: 'put-file',
    newNodeId,
    target: { parent, name },
    content: { versionId: content.versionId, manifestId, size, mtime },
    onConflict,
    expect: {}
  }
}
