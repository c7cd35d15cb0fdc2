import type { MessageInitShape } from '@bufbuild/protobuf'
import type { metadataV1 } from '@cairn/contracts'
import type { NodeView, Outcome } from '../domain/outcome.ts'
import type { ApiOperation } from '../operations/api-operation.ts'

type ResultInit = MessageInitShape<typeof metadataV1.OperationResultSchema>
type NodeInit = MessageInitShape<typeof metadataV1.NodeStateSchema>

const nodeState = ({ node, state }: NodeView): NodeInit => ({
  nodeId: node.id,
  parentId: node.parentId ?? '',
  name: node.name,
  kind: node.kind,
  state: state === 'live' ? 'live' : 'trashed',
  versionId: node.versionId ?? '',
  size: BigInt(node.size),
  mtimeMs: BigInt(node.mtime),
  contentRev: BigInt(node.contentRev),
  metaRev: BigInt(node.metaRev),
  seq: BigInt(node.seq)
})

/** Of a put the base rev is a precondition of the caller's request, as If-Match is. */
const codeOf = (operation: ApiOperation, code: string): string =>
  operation.kind === 'put-file' && code === 'stale' ? 'precondition_failed' : code

export const operationResult = (operation: ApiOperation, outcome: Outcome): ResultInit => {
  const { opId } = operation
  if (outcome.applied) return { opId, node: nodeState(outcome.view) }
  const refused = { opId, errorCode: codeOf(operation, outcome.code), errorMessage: outcome.message }
  return outcome.view === undefined ? refused : { ...refused, node: nodeState(outcome.view) }
}
