import { Uuid } from '@cairn/http'
import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { badRequest } from '../../errors.ts'
import { assertDistinct, assertFew } from '../chunked/distinct.ts'
import { Mtime, Name, OnConflict, ParentRef, Rev } from '../shapes.ts'

const strict = { additionalProperties: false }
const NodeRef = ParentRef

const MakeFolder = Type.Object(
  { op: Type.Literal('mkdir'), opId: Uuid, parentId: Type.Optional(ParentRef), name: Name },
  strict
)
const Put = Type.Object(
  {
    op: Type.Literal('put'),
    opId: Uuid,
    nodeId: Type.Optional(Uuid),
    parentId: Type.Optional(ParentRef),
    name: Type.Optional(Name),
    frame: Type.Optional(Type.Integer({ minimum: 0, description: 'Position of the content; absent = empty file' })),
    mtime: Type.Optional(Mtime),
    onConflict: Type.Optional(OnConflict),
    baseRev: Type.Optional(Rev)
  },
  strict
)
const Move = Type.Object(
  {
    op: Type.Literal('move'),
    opId: Uuid,
    nodeId: NodeRef,
    parentId: Type.Optional(ParentRef),
    name: Type.Optional(Name),
    onConflict: Type.Optional(Type.Union([Type.Literal('fail'), Type.Literal('rename')])),
    baseRev: Type.Optional(Rev)
  },
  strict
)
const Trash = Type.Object(
  {
    op: Type.Literal('trash'),
    opId: Uuid,
    nodeId: NodeRef,
    baseRev: Type.Optional(Rev),
    observedSeq: Type.Optional(Rev)
  },
  strict
)

export type BatchPut = Static<typeof Put>
export type BatchOperation = BatchPut | Static<typeof MakeFolder> | Static<typeof Move> | Static<typeof Trash>

const Envelope = Compile(Type.Object({ ops: Type.Array(Type.Unknown()) }, strict))
const kinds = [Compile(Put), Compile(MakeFolder), Compile(Move), Compile(Trash)]

/** The operations section of a batch. Judged one by one, so that a mistake is named and a flood is cheap. */
export const parseOperations = (value: unknown): BatchOperation[] => {
  if (!Envelope.Check(value)) throw badRequest('A batch ends with {"ops": […]} and nothing else.')
  assertFew(value.ops.length)
  const operations = value.ops.map(parseOperation)
  assertDistinct(operations)
  return operations
}

const parseOperation = (value: unknown, position: number): BatchOperation => {
  for (const kind of kinds) {
    if (kind.Check(value)) return value
  }
  throw badRequest(`Operation ${position} of the batch cannot be read.`)
}
