import { type HttpApp, problemResponses, requireAdmin } from '@cairn/http'
import { sql } from 'kysely'
import { Type } from 'typebox'
import type { RoutesContext } from './context.ts'

const Stats = Type.Object({
  vaults: Type.Integer(),
  chunks: Type.Integer(),
  plainBytes: Type.Integer({ description: 'Distinct content, before compression' }),
  storedBytes: Type.Integer({ description: 'Records of chunks, compressed and sealed' }),
  packs: Type.Integer(),
  packBytes: Type.Integer(),
  openUploads: Type.Integer(),
  freeBytes: Type.Union([Type.Integer(), Type.Null()], { description: 'Null when the store cannot say' })
})

interface Row {
  vaults: number
  chunks: number
  plain: number
  stored: number
  packs: number
  pack_bytes: number
  uploads: number
}

/** GET /v1/admin/storage/stats */
export const statsRoute = (app: HttpApp, routes: RoutesContext): void => {
  app.route({
    method: 'GET',
    url: '/v1/admin/storage/stats',
    onRequest: requireAdmin(routes.identity),
    schema: {
      tags: ['admin'],
      summary: 'What is stored, and how much room is left',
      response: { 200: Stats, ...problemResponses('forbidden') }
    },
    handler: async () => {
      const { rows } = await sql<Row>`
        select
          (select count(*) from storage.vault)::int as vaults,
          (select count(*) from storage.pack where state = 'stored')::int as packs,
          (select coalesce(sum(bytes), 0) from storage.pack where state = 'stored')::bigint as pack_bytes,
          (select count(*) from storage.upload where state = 'open')::int as uploads,
          count(*)::int as chunks, coalesce(sum(plain_length), 0)::bigint as plain,
          coalesce(sum(record_length), 0)::bigint as stored
        from storage.chunk`.execute(routes.context.database.query)
      const row = rows[0]
      return {
        vaults: row?.vaults ?? 0,
        chunks: row?.chunks ?? 0,
        plainBytes: row?.plain ?? 0,
        storedBytes: row?.stored ?? 0,
        packs: row?.packs ?? 0,
        packBytes: row?.pack_bytes ?? 0,
        openUploads: row?.uploads ?? 0,
        freeBytes: (await routes.context.blobs.freeBytes()) ?? null
      }
    }
  })
}
