import { CairnError } from '@cairn/contracts'
import { problemResponses } from '@cairn/http'
import { Type } from 'typebox'
import type { TreeNode, VersionRecord } from '../domain/node.ts'
import { notFound } from '../errors.ts'
import { reachNode } from '../places.ts'
import { deleteVersion } from '../store/delete-version.ts'
import { readVersionsOf } from '../store/read-versions.ts'
import { etagOf } from './etag.ts'
import { cutPage, LongPageQuery } from './page-query.ts'
import {
  actorOf,
  applyOne,
  driveOf,
  IdempotencyHeaders,
  NodeParams,
  opIdOf,
  PageOf,
  type Routes,
  VersionParams
} from './route-kit.ts'
import { isoTime, Node, nodeShape, Version } from './shapes.ts'

/** GET …/nodes/:node/versions, POST …/versions/:version/restore, DELETE …/versions/:version */
export const versionRoutes = ({ app, context, mayRead, mayWrite }: Routes): void => {
  app.get(
    '/v1/drives/:drive/nodes/:node/versions',
    {
      onRequest: mayRead,
      schema: {
        tags: ['versions'],
        summary: "A file's versions, newest first",
        params: NodeParams,
        querystring: LongPageQuery,
        response: { 200: PageOf(Version), ...problemResponses('not_found', 'not_a_file', 'invalid_cursor') }
      }
    },
    async (request) => {
      const { cursor, limit = 100 } = request.query
      const drive = await driveOf(context, request, request.params.drive)
      const { node } = await reachNode(context.database.query, drive, request.params.node)
      if (node.kind !== 'file') throw new CairnError('not_a_file', 'It is a folder')
      const scope = ['versions', request.identity.userId, node.id]
      const before = cursor === undefined ? undefined : Number(context.cursors.open(scope, cursor)[0])
      const found = await readVersionsOf(context.database.query, drive.vaultId, {
        nodeId: node.id,
        before,
        limit: limit + 1
      })
      const { rows, last } = cutPage(found, limit)
      return {
        items: rows.map((version) => versionShape(version, node)),
        nextCursor: last === undefined ? null : context.cursors.seal(scope, [last.createdSeq])
      }
    }
  )

  app.post(
    '/v1/drives/:drive/nodes/:node/versions/:version/restore',
    {
      onRequest: mayWrite,
      schema: {
        tags: ['versions'],
        summary: 'Make an old version the current one, as a new version; nothing is lost',
        params: VersionParams,
        headers: IdempotencyHeaders,
        response: { 200: Node, ...problemResponses('not_found', 'gone', 'quota_exceeded') }
      }
    },
    async (request, reply) => {
      const { node: nodeId, version: versionId } = request.params
      const drive = await driveOf(context, request, request.params.drive)
      const view = await applyOne(context, drive, {
        actor: actorOf(request, drive),
        operation: { opId: opIdOf(context, request), kind: 'restore-version', nodeId, versionId }
      })
      reply.header('etag', etagOf(view.node))
      return nodeShape(drive.driveId, view)
    }
  )

  app.delete(
    '/v1/drives/:drive/nodes/:node/versions/:version',
    {
      onRequest: mayWrite,
      schema: {
        tags: ['versions'],
        summary: 'Delete an old version for good',
        params: VersionParams,
        response: { 204: Type.Null(), ...problemResponses('not_found', 'forbidden', 'conflict') }
      }
    },
    async (request, reply) => {
      const { node: nodeId, version: versionId } = request.params
      const drive = await driveOf(context, request, request.params.drive)
      if (drive.role === 'viewer') throw new CairnError('forbidden', 'You may only look at this drive')
      await reachNode(context.database.query, drive, nodeId)
      const target = { nodeId, versionId, newId: () => context.random.uuid() }
      const result = await deleteVersion(context.database, drive, target)
      if (result === 'unknown') throw notFound()
      if (result === 'current') throw new CairnError('conflict', 'The current version cannot be deleted')
      context.notifyOutbox()
      return reply.code(204).send(null)
    }
  )
}

const versionShape = (version: VersionRecord, node: TreeNode) => ({
  id: version.id,
  nodeId: version.nodeId,
  size: version.size,
  mtime: isoTime(version.mtime),
  createdAt: isoTime(version.createdAt),
  createdBy: version.userId,
  deviceId: version.deviceId,
  current: version.id === node.versionId
})
