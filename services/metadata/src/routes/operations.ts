import { problemResponses, Uuid } from '@cairn/http'
import { type Static, Type } from 'typebox'
import type { MetadataContext } from '../context.ts'
import type { Outcome } from '../domain/outcome.ts'
import type { ApiOperation } from '../operations/api-operation.ts'
import { submit } from '../operations/submit.ts'
import { actorOf, DriveParams, driveOf, type Routes } from './route-kit.ts'
import { Node, nodeShape, OneOf } from './shapes.ts'

const MAX_OPERATIONS = 500

const Name = Type.String({ maxLength: 1024 })
const BaseRev = Type.Optional(Type.Integer({ minimum: 0 }))
const OnConflict = Type.Optional(OneOf('fail', 'rename'))
const OpId = Type.Optional(Uuid)
/** A node, or what an earlier operation of the same request made. */
const Ref = Type.String({ pattern: '^(op:)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$', maxLength: 39 })

const closed = { additionalProperties: false }

const Operation = Type.Union([
  Type.Object(
    {
      op: Type.Literal('make_folder'),
      opId: OpId,
      parentId: Ref,
      name: Name,
      exclusive: Type.Optional(Type.Boolean())
    },
    closed
  ),
  Type.Object(
    {
      op: Type.Literal('move'),
      opId: OpId,
      nodeId: Ref,
      parentId: Type.Optional(Ref),
      name: Type.Optional(Name),
      onConflict: OnConflict,
      baseRev: BaseRev
    },
    closed
  ),
  Type.Object({ op: Type.Literal('trash'), opId: OpId, nodeId: Ref, baseRev: BaseRev, observedSeq: BaseRev }, closed),
  Type.Object({ op: Type.Literal('restore'), opId: OpId, nodeId: Uuid }, closed),
  Type.Object(
    {
      op: Type.Literal('copy'),
      opId: OpId,
      nodeId: Uuid,
      parentId: Ref,
      name: Type.Optional(Name),
      onConflict: OnConflict
    },
    closed
  )
])

const Result = Type.Object({
  opId: Uuid,
  error: Type.Optional(Type.Object({ code: Type.String(), detail: Type.String() })),
  node: Type.Optional(Node)
})

/** POST /v1/drives/:drive/operations */
export const operationsRoute = ({ app, context, mayWrite }: Routes): void => {
  app.post(
    '/v1/drives/:drive/operations',
    {
      onRequest: mayWrite,
      schema: {
        tags: ['nodes'],
        summary: 'Many operations at once, in order and in one transaction',
        description:
          'One refused operation does not fail the others, unless `atomic`. `op:<opId>` names what an earlier ' +
          'operation of the same request made. A refused operation tells the node as it stands.',
        params: DriveParams,
        body: Type.Object(
          {
            operations: Type.Array(Operation, { minItems: 1, maxItems: MAX_OPERATIONS }),
            atomic: Type.Optional(Type.Boolean())
          },
          closed
        ),
        response: {
          200: Type.Object({ results: Type.Array(Result), headSeq: Type.Integer() }),
          ...problemResponses('invalid_request', 'not_found', 'payload_too_large')
        }
      }
    },
    async (request) => {
      const drive = await driveOf(context, request, request.params.drive)
      const operations = request.body.operations.map((operation) => toApiOperation(context, operation))
      const { outcomes, headSeq } = await submit(context, drive, {
        actor: actorOf(request, drive),
        operations,
        atomic: request.body.atomic ?? false
      })
      return {
        headSeq,
        results: outcomes.map((outcome, index) => resultShape(drive.driveId, operations[index], outcome))
      }
    }
  )
}

const resultShape = (driveId: string, operation: ApiOperation | undefined, outcome: Outcome): Static<typeof Result> => {
  const opId = operation?.opId ?? ''
  if (outcome.applied) return { opId, node: nodeShape(driveId, outcome.view) }
  const error = { code: outcome.code, detail: outcome.message }
  return outcome.view === undefined ? { opId, error } : { opId, error, node: nodeShape(driveId, outcome.view) }
}

const toApiOperation = (context: MetadataContext, operation: Static<typeof Operation>): ApiOperation => {
  const opId = operation.opId ?? context.random.uuid()
  switch (operation.op) {
    case 'make_folder': {
      const { parentId: parent, name, exclusive = false } = operation
      return { opId, kind: 'make-folder', parent, name, exclusive }
    }
    case 'move': {
      const { nodeId, parentId: parent, name, onConflict = 'fail', baseRev } = operation
      return {
        opId,
        kind: 'move',
        nodeId,
        parent,
        name,
        onConflict,
        expect: baseRev === undefined ? {} : { metaRev: baseRev }
      }
    }
    case 'trash': {
      const { nodeId, baseRev, observedSeq } = operation
      return { opId, kind: 'trash', nodeId, observedSeq, expect: baseRev === undefined ? {} : { contentRev: baseRev } }
    }
    case 'restore':
      return { opId, kind: 'restore', nodeId: operation.nodeId }
    case 'copy': {
      const { nodeId, parentId: parent, name, onConflict = 'fail' } = operation
      return { opId, kind: 'copy', nodeId, parent, name, onConflict }
    }
  }
}
