import { type HttpApp, problemResponses, requireAdmin, Uuid } from '@cairn/http'
import { Type } from 'typebox'
import { examine } from '../doctor/doctor.ts'
import type { RoutesContext } from './context.ts'

export const FindingBody = Type.Object({
  level: Type.Integer(),
  code: Type.String(),
  vaultId: Type.String(),
  subject: Type.String(),
  message: Type.String()
})

/** POST /v1/admin/storage/doctor */
export const doctorRoute = (app: HttpApp, routes: RoutesContext): void => {
  app.route({
    method: 'POST',
    url: '/v1/admin/storage/doctor',
    onRequest: requireAdmin(routes.identity),
    schema: {
      tags: ['admin'],
      summary: 'Examine everything stored; read-only unless repair is asked for',
      body: Type.Object(
        {
          level: Type.Optional(Type.Integer({ minimum: 0, maximum: 3, default: 1 })),
          repair: Type.Optional(Type.Boolean({ default: false })),
          vaultId: Type.Optional(Uuid)
        },
        { additionalProperties: false }
      ),
      response: {
        200: Type.Object({
          level: Type.Integer(),
          vaults: Type.Integer(),
          chunks: Type.Integer(),
          packs: Type.Integer(),
          bytesRead: Type.Integer(),
          repaired: Type.Integer(),
          total: Type.Integer({ description: 'Findings in all; at most 1000 are listed' }),
          findings: Type.Array(FindingBody)
        }),
        ...problemResponses('forbidden')
      }
    },
    handler: async (request) => {
      const { level = 1, repair = false, vaultId } = request.body
      const report = await examine(
        routes.context,
        { level, repair, vaultId, checkTree: routes.checkTree },
        request.signal
      )
      return { ...report, findings: [...report.findings] }
    }
  })
}
