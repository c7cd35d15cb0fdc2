import { CairnError } from '@cairn/contracts'
import { type HttpApp, problemResponses, requireAdmin, Uuid } from '@cairn/http'
import { type Static, Type } from 'typebox'
import { type DoctorRun, endRun, findRun, listRuns, markLost } from '../store/doctor-runs.ts'
import type { RoutesContext } from './context.ts'
import { FindingBody } from './doctor.ts'

const Iso = Type.String({ format: 'date-time' })
const Count = Type.Integer({ minimum: 0 })

const Run = Type.Object(
  {
    id: Uuid,
    state: Type.Unsafe<DoctorRun['state']>({
      type: 'string',
      enum: ['running', 'done', 'failed', 'cancelled', 'lost']
    }),
    level: Type.Integer({ minimum: 0, maximum: 3 }),
    repair: Type.Boolean(),
    startedAt: Iso,
    finishedAt: Type.Unsafe<string | null>({ type: ['string', 'null'], format: 'date-time' }),
    progress: Type.Object({
      vaults: Count,
      vaultsDone: Count,
      packs: Count,
      packsDone: Count,
      chunks: Count,
      bytesRead: Count,
      repaired: Count,
      total: Type.Integer({ minimum: 0, description: 'Findings so far; at most 1000 are listed, at the end' })
    }),
    findings: Type.Array(FindingBody),
    error: Type.Unsafe<string | null>({ type: ['string', 'null'] })
  },
  { title: 'DoctorRun' }
)

const Params = Type.Object({ id: Uuid })
const tags = ['admin']

/** POST, GET /v1/admin/storage/doctor/runs, GET, DELETE …/:id */
export const doctorRunRoutes = (app: HttpApp, routes: RoutesContext): void => {
  const onRequest = requireAdmin(routes.identity)
  const db = routes.context.database.query
  const url = '/v1/admin/storage/doctor/runs'

  app.post(
    url,
    {
      onRequest,
      schema: {
        tags,
        summary: 'Begin to examine everything stored, in the background',
        body: Type.Object(
          {
            level: Type.Optional(Type.Integer({ minimum: 0, maximum: 3, default: 1 })),
            repair: Type.Optional(Type.Boolean({ default: false }))
          },
          { additionalProperties: false }
        ),
        response: { 202: Run, ...problemResponses('forbidden', 'conflict') }
      }
    },
    async (request, reply) => {
      const { level = 1, repair = false } = request.body
      return reply.code(202).send(shape(await routes.doctorRuns.start({ level, repair })))
    }
  )

  app.get(
    url,
    {
      onRequest,
      schema: {
        tags,
        summary: 'The last examinations, newest first',
        response: { 200: Type.Object({ items: Type.Array(Run) }), ...problemResponses('forbidden') }
      }
    },
    async () => {
      await markLost(db)
      return { items: (await listRuns(db)).map(shape) }
    }
  )

  app.get(
    `${url}/:id`,
    {
      onRequest,
      schema: {
        tags,
        summary: 'How far an examination is, and what it found',
        params: Params,
        response: { 200: Run, ...problemResponses('forbidden', 'not_found') }
      }
    },
    async (request) => {
      await markLost(db)
      const run = await findRun(db, request.params.id)
      if (run === undefined) throw missing()
      return shape(run)
    }
  )

  app.delete(
    `${url}/:id`,
    {
      onRequest,
      schema: {
        tags,
        summary: 'Stop an examination',
        params: Params,
        response: { 204: Type.Null(), ...problemResponses('forbidden', 'not_found') }
      }
    },
    async (request, reply) => {
      const { id } = request.params
      if (!(await endRun(db, id, { state: 'cancelled' })) && (await findRun(db, id)) === undefined) throw missing()
      return reply.code(204).send(null)
    }
  )
}

const missing = (): CairnError => new CairnError('not_found', 'There is no such examination.')

const shape = (run: DoctorRun): Static<typeof Run> => ({
  ...run,
  findings: [...run.findings],
  startedAt: run.startedAt.toISOString(),
  finishedAt: run.finishedAt?.toISOString() ?? null
})
