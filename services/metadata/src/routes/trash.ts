import { problemResponses } from '@cairn/http'
import { Type } from 'typebox'
import type { MetadataContext } from '../context.ts'
import type { Actor } from '../domain/operation.ts'
import { refusal } from '../errors.ts'
import type { ApiOperation } from '../operations/api-operation.ts'
import { submit } from '../operations/submit.ts'
import type { DriveKey } from '../store/database.ts'
import { readTrash } from '../store/read-trash.ts'
import { etagOf } from './etag.ts'
import { cutPage, LongPageQuery } from './page-query.ts'
import {
  actorOf,
  applyOne,
  DriveParams,
  driveOf,
  IdempotencyHeaders,
  NodeParams,
  opIdOf,
  PageOf,
  type Routes
} from './route-kit.ts'
import { Node, nodeShape, TrashedNode, trashedShape } from './shapes.ts'

/** GET, DELETE /v1/drives/:drive/trash, POST …/trash/:node/restore, DELETE …/trash/:node */
export const trashRoutes = ({ app, context, mayRead, mayWrite }: Routes): void => {
  app.get(
    '/v1/drives/:drive/trash',
    {
      onRequest: mayRead,
      schema: {
        tags: ['trash'],
        summary: 'What was put into the trash, newest first',
        params: DriveParams,
        querystring: LongPageQuery,
        response: { 200: PageOf(TrashedNode), ...problemResponses('not_found', 'invalid_cursor') }
      }
    },
    async (request) => {
      const { cursor, limit = 100 } = request.query
      const drive = await driveOf(context, request, request.params.drive)
      const scope = ['trash', request.identity.userId, drive.driveId]
      const after = cursor === undefined ? undefined : trashPosition(context.cursors.open(scope, cursor))
      const found = await readTrash(context.database.query, drive, { limit: limit + 1, after })
      const { rows, last } = cutPage(found, limit)
      return {
        items: rows.map((node) => trashedShape(drive.driveId, node)),
        nextCursor: last === undefined ? null : context.cursors.seal(scope, [last.trashedAt ?? 0, last.id])
      }
    }
  )

  app.post(
    '/v1/drives/:drive/trash/:node/restore',
    {
      onRequest: mayWrite,
      schema: {
        tags: ['trash'],
        summary: 'Take a node out of the trash: back to where it was, beside it when the name is taken',
        params: NodeParams,
        headers: IdempotencyHeaders,
        response: { 200: Node, ...problemResponses('not_found', 'gone', 'too_deep') }
      }
    },
    async (request, reply) => {
      const drive = await driveOf(context, request, request.params.drive)
      const view = await applyOne(context, drive, {
        actor: actorOf(request, drive),
        operation: { opId: opIdOf(context, request), kind: 'restore', nodeId: request.params.node }
      })
      reply.header('etag', etagOf(view.node))
      return nodeShape(drive.driveId, view)
    }
  )

  app.delete(
    '/v1/drives/:drive/trash/:node',
    {
      onRequest: mayWrite,
      schema: {
        tags: ['trash'],
        summary: 'Delete a node of the trash for good',
        params: NodeParams,
        headers: IdempotencyHeaders,
        response: { 204: Type.Null(), ...problemResponses('not_found') }
      }
    },
    async (request, reply) => {
      const drive = await driveOf(context, request, request.params.drive)
      const operation = purgeOperation(opIdOf(context, request), request.params.node)
      await applyOne(context, drive, { actor: actorOf(request, drive), operation })
      context.kickPurge()
      return reply.code(204).send(null)
    }
  )

  app.delete(
    '/v1/drives/:drive/trash',
    {
      onRequest: mayWrite,
      schema: {
        tags: ['trash'],
        summary: 'Empty the trash',
        params: DriveParams,
        response: { 204: Type.Null(), ...problemResponses('not_found') }
      }
    },
    async (request, reply) => {
      const drive = await driveOf(context, request, request.params.drive)
      await emptyTrash(context, drive, { actor: actorOf(request, drive), signal: request.signal })
      return reply.code(204).send(null)
    }
  )
}

const NODES_PER_BATCH = 500

const emptyTrash = async (
  context: MetadataContext,
  key: DriveKey,
  { actor, signal }: { readonly actor: Actor; readonly signal: AbortSignal }
): Promise<void> => {
  for (;;) {
    signal.throwIfAborted()
    const nodes = await readTrash(context.database.query, key, { limit: NODES_PER_BATCH, after: undefined })
    if (nodes.length === 0) return
    const operations = nodes.map(({ id }) => purgeOperation(context.random.uuid(), id))
    const { outcomes } = await submit(context, key, { actor, operations, atomic: false })
    context.kickPurge()
    // Somebody else restored or purged it meanwhile: that is no failure.
    const failed = outcomes.find((outcome) => !outcome.applied && outcome.code !== 'not_found')
    if (failed?.applied === false) throw refusal(failed)
  }
}

const purgeOperation = (opId: string, nodeId: string): ApiOperation => ({ opId, kind: 'purge', nodeId, expect: {} })

const trashPosition = ([trashedAt, nodeId]: readonly (string | number)[]) => ({
  trashedAt: Number(trashedAt),
  nodeId: String(nodeId)
})
