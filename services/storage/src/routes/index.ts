import { httpRoutes } from '@cairn/http'
import type { FastifyPluginAsync } from 'fastify'
import { contentByNode } from './content-by-node.ts'
import { contentByPath } from './content-by-path.ts'
import type { RoutesContext } from './context.ts'
import { doctorRoute } from './doctor.ts'
import { doctorRunRoutes } from './doctor-runs.ts'
import { gcRoute } from './gc.ts'
import { statsRoute } from './stats.ts'

export const storageRoutes = (routes: RoutesContext): FastifyPluginAsync =>
  httpRoutes((app) => {
    contentByNode(app, routes)
    contentByPath(app, routes)
    doctorRoute(app, routes)
    doctorRunRoutes(app, routes)
    gcRoute(app, routes)
    statsRoute(app, routes)
  })
