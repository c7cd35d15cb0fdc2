import type { metadataV1 } from '@cairn/contracts'
import { DriveParam, Uuid } from '@cairn/http'
import { type Static, Type } from 'typebox'

const Time = Type.String({ format: 'date-time', description: 'ISO 8601' })
/** Written as JSON types and enums, which serialise without trying alternatives. */
const NullableUuid = Type.Unsafe<string | null>({ type: ['string', 'null'], description: 'UUID' })
const oneOf = <const V extends string>(...values: readonly V[]) => Type.Unsafe<V>({ type: 'string', enum: [...values] })

export const DriveParams = Type.Object({ drive: DriveParam }, { additionalProperties: false })

/** Not checked by the schema: a malformed id answers exactly as an unknown one. */
export const UploadParams = Type.Object({ id: Type.String() })
export const DriveUploadParams = Type.Object({ drive: DriveParam, id: Type.String() })

/** A node as an operation left it. */
export const CommittedNode = Type.Object(
  {
    id: Uuid,
    driveId: Uuid,
    parentId: NullableUuid,
    name: Type.String(),
    kind: oneOf('file', 'folder'),
    state: oneOf('live', 'trashed'),
    versionId: NullableUuid,
    size: Type.Integer(),
    mtime: Time,
    contentRev: Type.Integer(),
    metaRev: Type.Integer(),
    seq: Type.Integer()
  },
  { title: 'CommittedNode' }
)
export type CommittedNode = Static<typeof CommittedNode>

export const toCommittedNode = (node: metadataV1.NodeState, driveId: string): CommittedNode => ({
  id: node.nodeId,
  driveId,
  parentId: node.parentId || null,
  name: node.name,
  kind: node.kind === 'folder' ? 'folder' : 'file',
  state: node.state === 'trashed' ? 'trashed' : 'live',
  versionId: node.versionId || null,
  size: Number(node.size),
  mtime: new Date(Number(node.mtimeMs)).toISOString(),
  contentRev: Number(node.contentRev),
  metaRev: Number(node.metaRev),
  seq: Number(node.seq)
})

export const OperationResult = Type.Object({
  opId: Uuid,
  node: Type.Optional(CommittedNode),
  error: Type.Optional(Type.Object({ code: Type.String(), detail: Type.String() }))
})
export type OperationResult = Static<typeof OperationResult>

export const OperationResults = Type.Object({ results: Type.Array(OperationResult) })

/** A refused operation carries the node as it stands, when metadata knows it. */
export const toOperationResult = (result: metadataV1.OperationResult, driveId: string): OperationResult => ({
  opId: result.opId,
  ...(result.node === undefined ? {} : { node: toCommittedNode(result.node, driveId) }),
  ...(result.errorCode === '' ? {} : { error: { code: result.errorCode, detail: result.errorMessage } })
})

export const Name = Type.String({ minLength: 1, maxLength: 1024 })
export const ParentRef = Type.String({
  pattern: '^(op:)?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
  description: 'A folder id, or op:<opId> of a folder made in the same request; the root when absent'
})
export const OnConflict = Type.Union([Type.Literal('version'), Type.Literal('fail'), Type.Literal('rename')])
export const Mtime = Type.Union([Type.String({ maxLength: 40 }), Type.Integer()], {
  description: 'ISO 8601, or milliseconds since the epoch'
})
export const Rev = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
export const MAX_OPERATIONS = 500
