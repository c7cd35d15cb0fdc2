import { DriveParam, type HttpApp, problemResponses, requireScope, Uuid } from '@cairn/http'
import { Type } from 'typebox'
import type { PreviewContext } from '../context.ts'
import type { SharedRuns } from '../domain/shared-runs.ts'
import { thumbnail } from '../domain/thumbnail.ts'
import { MEDIA_TYPE, RECIPE, SIZES, type Size } from '../recipe.ts'
import type { Rendered } from '../render/child.ts'

const WEEK_SECONDS = 7 * 24 * 3600
const DEFAULT_SIZE: Size = 256

const Query = Type.Object(
  {
    size: Type.Optional(
      Type.Unsafe<Size>({ type: 'integer', enum: [...SIZES], description: 'Longest side in pixels; default 256' })
    ),
    version: Type.Optional(Uuid)
  },
  { additionalProperties: false }
)

/** GET /v1/drives/:drive/nodes/:node/thumbnail */
export const thumbnailRoute = (app: HttpApp, context: PreviewContext, runs: SharedRuns<Rendered>): void => {
  app.get(
    '/v1/drives/:drive/nodes/:node/thumbnail',
    {
      onRequest: requireScope(context.identity, 'files:read'),
      schema: {
        tags: ['content'],
        summary: 'A small picture of an image, as WebP',
        params: Type.Object({ drive: DriveParam, node: Uuid }),
        querystring: Query,
        response: {
          200: Type.Unsafe<Buffer>({ type: 'string', format: 'binary', description: 'image/webp' }),
          304: Type.Null(),
          ...problemResponses('not_found', 'not_a_file', 'no_preview', 'unavailable')
        }
      }
    },
    async (request, reply) => {
      const { size = DEFAULT_SIZE, version } = request.query
      const granted = await context.metadata().authorizeRead({
        userId: request.identity.userId,
        drive: request.params.drive,
        place: { nodeId: request.params.node },
        versionId: version ?? ''
      })
      const { vaultId, versionId, manifestId } = granted
      const etag = `"${versionId}-${size}-${RECIPE}"`
      const caching = version === undefined ? 'private, no-cache' : `private, max-age=${WEEK_SECONDS}, immutable`
      const headers = {
        etag,
        'cache-control': caching,
        vary: version === undefined ? 'Authorization, Cookie' : 'Origin'
      }
      if (request.headers['if-none-match'] === etag) return reply.code(304).headers(headers).send(null)
      const source = { vaultId, versionId, manifestId, size: Number(granted.size) }
      const picture = await thumbnail({ context, runs }, { source, size }, request.signal)
      return reply
        .headers({
          ...headers,
          'content-security-policy': "default-src 'none'; sandbox",
          'x-content-type-options': 'nosniff'
        })
        .type(MEDIA_TYPE)
        .send(picture)
    }
  )
}
