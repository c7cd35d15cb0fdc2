import { type HttpApp, problemResponses, requireAdmin } from '@cairn/http'
import { Type } from 'typebox'
import { type CollectionReport, collect } from '../gc/collect.ts'
import { compact } from '../gc/compact.ts'
import { reconcile } from '../jobs/reconcile.ts'
import { vaultIds } from '../jobs/vault-ids.ts'
import type { RoutesContext } from './context.ts'

const CollectionBody = Type.Object({
  vaultId: Type.String(),
  epoch: Type.Integer(),
  expiredUploads: Type.Integer(),
  reapedChunks: Type.Integer(),
  condemnedChunks: Type.Integer(),
  deletedManifests: Type.Integer(),
  deletedPacks: Type.Integer(),
  compactedPacks: Type.Integer()
})

/** POST /v1/admin/storage/gc */
export const gcRoute = (app: HttpApp, routes: RoutesContext): void => {
  app.route({
    method: 'POST',
    url: '/v1/admin/storage/gc',
    onRequest: requireAdmin(routes.identity),
    schema: {
      tags: ['admin'],
      summary: 'Collect now what nobody references any more',
      response: { 200: Type.Object({ vaults: Type.Array(CollectionBody) }), ...problemResponses('forbidden') }
    },
    handler: (request) =>
      routes.collections.round(async (note) => {
        const vaults: (CollectionReport & { compactedPacks: number })[] = []
        for await (const vaultId of vaultIds(routes.context)) {
          request.signal.throwIfAborted()
          await reconcile(routes.context, vaultId, routes.fence)
          const report = await collect(routes.context, vaultId)
          note(report)
          vaults.push({ ...report, compactedPacks: await compact(routes.context, vaultId, request.signal) })
        }
        return { vaults }
      })
  })
}
