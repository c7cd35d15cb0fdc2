import { Uuid } from '@cairn/http'
import { type Static, Type } from 'typebox'
import type { TreeNode } from '../domain/node.ts'
import type { NodeView } from '../domain/outcome.ts'

const Iso = Type.String({ format: 'date-time', description: 'ISO 8601, UTC' })
const Bytes = Type.Integer({ minimum: 0, description: 'Bytes' })
const Rev = Type.Integer({ minimum: 0 })
const NullableUuid = Type.Unsafe<string | null>({ type: ['string', 'null'], description: 'UUID' })
/** A string of a few; as an enum, which serialises without trying alternatives. */
export const OneOf = <const V extends string>(...values: readonly V[]) =>
  Type.Unsafe<V>({ type: 'string', enum: [...values] })

export const Node = Type.Object(
  {
    id: Uuid,
    driveId: Uuid,
    parentId: NullableUuid,
    name: Type.String(),
    kind: OneOf('file', 'folder'),
    state: OneOf('live', 'trashed'),
    size: Bytes,
    treeSize: Type.Integer({ minimum: 0, description: 'Bytes of everything below' }),
    treeRev: Type.Integer({ minimum: 0, description: 'Journal position of the last change at or below' }),
    versionId: NullableUuid,
    mtime: Iso,
    createdAt: Iso,
    modifiedAt: Iso,
    contentRev: Type.Integer({ minimum: 0, description: 'Counts edits' }),
    metaRev: Type.Integer({ minimum: 0, description: 'Counts moves, renames, trash and restore' }),
    seq: Type.Integer({ minimum: 0, description: 'Journal position of the last change' })
  },
  { title: 'Node' }
)
export type NodeShape = Static<typeof Node>

export const TrashedNode = Type.Object(
  { ...Node.properties, trashedAt: Iso, trashedPath: Type.String({ description: 'Where it was' }) },
  { title: 'TrashedNode' }
)

const iso = (ms: number): string => new Date(ms).toISOString()

export const nodeShape = (driveId: string, { node, state }: NodeView): NodeShape => ({
  id: node.id,
  driveId,
  parentId: node.parentId,
  name: node.name,
  kind: node.kind,
  state: state === 'live' ? 'live' : 'trashed',
  size: node.size,
  treeSize: node.treeSize,
  treeRev: node.treeRev,
  versionId: node.versionId,
  mtime: iso(node.mtime),
  createdAt: iso(node.createdAt),
  modifiedAt: iso(node.modifiedAt),
  contentRev: node.contentRev,
  metaRev: node.metaRev,
  seq: node.seq
})

/** A node that was read as it is, not through a trashed ancestor. */
export const ownShape = (driveId: string, node: TreeNode): NodeShape => nodeShape(driveId, { node, state: node.state })

export const trashedShape = (driveId: string, node: TreeNode): Static<typeof TrashedNode> => ({
  ...ownShape(driveId, node),
  trashedAt: iso(node.trashedAt ?? node.modifiedAt),
  trashedPath: node.trashedPath ?? node.name
})

export const Drive = Type.Object(
  {
    id: Uuid,
    name: Type.String(),
    kind: OneOf('personal', 'shared'),
    role: OneOf('owner', 'editor', 'viewer'),
    rootId: Uuid,
    headSeq: Rev,
    quota: Type.Object({ used: Bytes, limit: Type.Integer({ minimum: 0, description: 'Bytes; 0 = unlimited' }) }),
    journalCursor: Type.String({ description: 'Where the journal stands now: list the tree, then read on from here' }),
    createdAt: Iso
  },
  { title: 'Drive' }
)

export const Version = Type.Object(
  {
    id: Uuid,
    nodeId: Uuid,
    size: Bytes,
    mtime: Iso,
    createdAt: Iso,
    createdBy: Uuid,
    deviceId: Type.String(),
    current: Type.Boolean()
  },
  { title: 'Version' }
)

export const JournalEntry = Type.Object(
  {
    seq: Rev,
    op: Type.String(),
    nodeId: Uuid,
    parentId: NullableUuid,
    name: Type.String(),
    kind: OneOf('file', 'folder'),
    state: OneOf('live', 'trashed', 'purged'),
    versionId: NullableUuid,
    size: Bytes,
    mtime: Iso,
    contentRev: Rev,
    metaRev: Rev,
    actorId: Uuid,
    deviceId: Type.String(),
    opId: Uuid,
    at: Iso
  },
  { title: 'JournalEntry' }
)

export const isoTime = iso
