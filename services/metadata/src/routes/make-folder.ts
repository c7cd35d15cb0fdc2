import { problemResponses, Uuid } from '@cairn/http'
import { Type } from 'typebox'
import { MAX_PATH_LENGTH } from '../domain/path.ts'
import { invalid, notFound } from '../errors.ts'
import { makeParents } from '../operations/make-parents.ts'
import { validPath } from '../places.ts'
import { readDrive } from '../store/drives.ts'
import { etagOf } from './etag.ts'
import { actorOf, applyOne, DriveParams, driveOf, IdempotencyHeaders, opIdOf, type Routes } from './route-kit.ts'
import { Node, nodeShape } from './shapes.ts'

/** POST /v1/drives/:drive/folders */
export const makeFolderRoute = ({ app, context, mayWrite }: Routes): void => {
  app.post(
    '/v1/drives/:drive/folders',
    {
      onRequest: mayWrite,
      schema: {
        tags: ['nodes'],
        summary: 'Make a folder',
        description: 'A folder of that name that is there already is the result, unless `exclusive`.',
        params: DriveParams,
        headers: IdempotencyHeaders,
        body: Type.Object(
          {
            parentId: Type.Optional(Uuid),
            path: Type.Optional(
              Type.String({ maxLength: MAX_PATH_LENGTH, description: 'The folder to make it in, instead of parentId' })
            ),
            name: Type.String({ maxLength: 1024 }),
            parents: Type.Optional(Type.Boolean({ description: 'Make missing folders of `path`' })),
            exclusive: Type.Optional(Type.Boolean({ description: 'Refuse with name_taken when the name is taken' }))
          },
          { additionalProperties: false }
        ),
        response: {
          201: Node,
          ...problemResponses('not_found', 'invalid_name', 'name_taken', 'parent_gone', 'not_a_folder', 'too_deep')
        }
      }
    },
    async (request, reply) => {
      const { parentId, path, name, parents = false, exclusive = false } = request.body
      if (parentId !== undefined && path !== undefined) throw invalid('Give parentId or path, not both')
      const drive = await driveOf(context, request, request.params.drive)
      const actor = actorOf(request, drive)
      const parent =
        path === undefined
          ? (parentId ?? (await readDrive(context.database.query, drive))?.rootId)
          : await makeParents(context, drive, { actor, names: validPath(path), make: parents })
      if (parent === undefined) throw notFound()
      const opId = opIdOf(context, request)
      const view = await applyOne(context, drive, {
        actor,
        operation: { opId, kind: 'make-folder', parent, name, exclusive }
      })
      return reply.code(201).header('etag', etagOf(view.node)).send(nodeShape(drive.driveId, view))
    }
  )
}
