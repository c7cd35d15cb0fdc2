import { problemResponses, requireAdmin, Uuid } from '@cairn/http'
import { Type } from 'typebox'
import { listQuotas, readQuota, setQuotaLimit } from '../store/quota.ts'
import { cutPage, LongPageQuery } from './page-query.ts'
import { PageOf, type Routes } from './route-kit.ts'

const Quota = Type.Object(
  {
    userId: Uuid,
    used: Type.Integer({ minimum: 0, description: 'Bytes of all versions, the trash included' }),
    limit: Type.Integer({ minimum: 0, description: 'Bytes; 0 = unlimited' }),
    custom: Type.Boolean({ description: 'Whether the limit was set for this user' })
  },
  { title: 'Quota' }
)

/** GET /v1/admin/quotas, GET and PUT /v1/admin/users/:user/quota */
export const adminQuotaRoutes = ({ app, context }: Routes): void => {
  const mayAdminister = requireAdmin(context.identity)
  const { defaultQuota: defaultLimit } = context.config

  app.get(
    '/v1/admin/quotas',
    {
      onRequest: mayAdminister,
      schema: {
        tags: ['admin'],
        summary: 'What every user uses',
        querystring: LongPageQuery,
        response: { 200: PageOf(Quota), ...problemResponses('forbidden', 'invalid_cursor') }
      }
    },
    async (request) => {
      const { cursor, limit = 100 } = request.query
      const scope = ['quotas', request.identity.userId]
      const after = cursor === undefined ? undefined : String(context.cursors.open(scope, cursor)[0])
      const found = await listQuotas(context.database.query, { after, limit: limit + 1, defaultLimit })
      const { rows, last } = cutPage(found, limit)
      return {
        items: rows.map(({ vaultId, ...quota }) => ({ userId: vaultId, ...quota })),
        nextCursor: last === undefined ? null : context.cursors.seal(scope, [last.vaultId])
      }
    }
  )

  app.get(
    '/v1/admin/users/:user/quota',
    {
      onRequest: mayAdminister,
      schema: {
        tags: ['admin'],
        summary: 'What a user uses and may use',
        params: Type.Object({ user: Uuid }),
        response: { 200: Quota, ...problemResponses('forbidden') }
      }
    },
    async (request) => {
      const { user } = request.params
      return { userId: user, ...(await readQuota(context.database.query, user, defaultLimit)) }
    }
  )

  app.put(
    '/v1/admin/users/:user/quota',
    {
      onRequest: mayAdminister,
      schema: {
        tags: ['admin'],
        summary: "Set a user's limit",
        params: Type.Object({ user: Uuid }),
        body: Type.Object(
          {
            limit: Type.Unsafe<number | null>({
              type: ['integer', 'null'],
              minimum: 0,
              maximum: Number.MAX_SAFE_INTEGER,
              description: 'Bytes; 0 = unlimited, null = the default'
            })
          },
          { additionalProperties: false }
        ),
        response: { 200: Quota, ...problemResponses('forbidden', 'invalid_request') }
      }
    },
    async (request) => {
      const { user } = request.params
      const { limit } = request.body
      await setQuotaLimit(context.database.query, user, limit)
      const quota = await readQuota(context.database.query, user, defaultLimit)
      return { userId: user, ...quota }
    }
  )
}
