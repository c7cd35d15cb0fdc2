import { type HttpApp, problemResponses, requireAdmin } from '@cairn/http'
import { sql } from 'kysely'
import { Type } from 'typebox'
import type { CollectionState } from '../gc/collection-log.ts'
import type { RoutesContext } from './context.ts'

const Count = Type.Integer({ minimum: 0 })
const Time = Type.Unsafe<string | null>({ type: ['string', 'null'], format: 'date-time' })

const Stats = Type.Object({
  vaults: Count,
  versions: Type.Integer({ description: 'Contents that are kept, equal ones counted each time' }),
  logicalBytes: Type.Integer({ description: 'Of these contents; divided by plainBytes: what deduplication saves' }),
  chunks: Count,
  plainBytes: Type.Integer({ description: 'Distinct content, before compression' }),
  storedBytes: Type.Integer({ description: 'Records of chunks, compressed and sealed' }),
  condemnedBytes: Type.Integer({ description: 'Stored, of no use any more, and deleted after a grace period' }),
  suspectChunks: Type.Integer({ description: 'Found damaged or missing' }),
  packs: Count,
  packBytes: Count,
  openUploads: Count,
  freeBytes: Type.Unsafe<number | null>({ type: ['integer', 'null'], description: 'Null when the store cannot say' }),
  collection: Type.Object(
    {
      running: Type.Boolean(),
      lastStartedAt: Time,
      lastFinishedAt: Time,
      lastError: Type.Unsafe<string | null>({ type: ['string', 'null'] }),
      nextAt: Time,
      deletedPacks: Count,
      condemnedChunks: Count
    },
    { description: 'The last collection by this process' }
  )
})

interface Row {
  vaults: number
  versions: number
  logical: number
  chunks: number
  plain: number
  stored: number
  condemned: number
  suspect: number
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
      summary: 'What is stored, what that saves, and how much room is left',
      response: { 200: Stats, ...problemResponses('forbidden') }
    },
    handler: async () => {
      const { rows } = await sql<Row>`
        with kept as (
          select count(*)::int as versions, coalesce(sum(m.size), 0)::bigint as logical from storage.reference r
          join storage.manifest m on m.vault_id = r.vault_id and m.manifest_id = r.manifest_id
        )
        select
          (select count(*) from storage.vault)::int as vaults, kept.versions, kept.logical,
          (select count(*) from storage.pack where state = 'stored')::int as packs,
          (select coalesce(sum(bytes), 0) from storage.pack where state = 'stored')::bigint as pack_bytes,
          (select count(*) from storage.upload where state = 'open')::int as uploads, c.*
        from kept, (
          select count(*)::int as chunks, coalesce(sum(plain_length), 0)::bigint as plain,
            coalesce(sum(record_length), 0)::bigint as stored,
            coalesce(sum(record_length) filter (where state = 'condemned'), 0)::bigint as condemned,
            count(*) filter (where state = 'suspect')::int as suspect
          from storage.chunk
        ) c`.execute(routes.context.database.query)
      const row = rows[0]
      return {
        vaults: row?.vaults ?? 0,
        versions: row?.versions ?? 0,
        logicalBytes: row?.logical ?? 0,
        chunks: row?.chunks ?? 0,
        plainBytes: row?.plain ?? 0,
        storedBytes: row?.stored ?? 0,
        condemnedBytes: row?.condemned ?? 0,
        suspectChunks: row?.suspect ?? 0,
        packs: row?.packs ?? 0,
        packBytes: row?.pack_bytes ?? 0,
        openUploads: row?.uploads ?? 0,
        freeBytes: (await routes.context.blobs.freeBytes()) ?? null,
        collection: collectionShape(routes.collections.state)
      }
    }
  })
}

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString())

const collectionShape = (state: CollectionState) => ({
  ...state,
  lastStartedAt: iso(state.lastStartedAt),
  lastFinishedAt: iso(state.lastFinishedAt),
  nextAt: iso(state.nextAt)
})
