import { CairnError } from '@cairn/contracts'
import { problemResponses } from '@cairn/http'
import { Type } from 'typebox'
import { reachNode } from '../places.ts'
import { type ChildPosition, positionOf, readChildren } from '../store/read-children.ts'
import { cutPage, LongPageFields } from './page-query.ts'
import { driveOf, NodeParams, PageOf, type Routes } from './route-kit.ts'
import { Node, OneOf, ownShape } from './shapes.ts'

/** GET …/nodes/:node/children */
export const childrenRoute = ({ app, context, mayRead }: Routes): void => {
  app.get(
    '/v1/drives/:drive/nodes/:node/children',
    {
      onRequest: mayRead,
      schema: {
        tags: ['nodes'],
        summary: 'The entries of a folder, page by page',
        params: NodeParams,
        querystring: Type.Object(
          {
            ...LongPageFields,
            sort: Type.Optional(OneOf('name', 'size', 'mtime')),
            order: Type.Optional(OneOf('asc', 'desc'))
          },
          { additionalProperties: false }
        ),
        response: { 200: PageOf(Node), ...problemResponses('not_found', 'not_a_folder', 'invalid_cursor') }
      }
    },
    async (request) => {
      const { sort = 'name', order = 'asc', limit = 100, cursor } = request.query
      const drive = await driveOf(context, request, request.params.drive)
      const { node: folder } = await reachNode(context.database.query, drive, request.params.node)
      if (folder.kind !== 'folder') throw new CairnError('not_a_folder', 'It is a file')
      const scope = ['children', request.identity.userId, folder.id, sort, order]
      const after = cursor === undefined ? undefined : (context.cursors.open(scope, cursor) as ChildPosition)
      const found = await readChildren(context.database.query, drive, {
        folderId: folder.id,
        sort,
        order,
        limit: limit + 1,
        after
      })
      const { rows, last } = cutPage(found, limit)
      return {
        items: rows.map((node) => ownShape(drive.driveId, node)),
        nextCursor: last === undefined ? null : context.cursors.seal(scope, positionOf(last, sort))
      }
    }
  )
}
