import { httpRoutes } from '@cairn/http'
import type { FastifyPluginAsync } from 'fastify'
import type { MetadataContext } from '../context.ts'
import { toPublicError } from '../errors.ts'
import { adminQuotaRoutes } from './admin-quotas.ts'
import { childrenRoute } from './children.ts'
import { copyNodeRoute } from './copy-node.ts'
import { driveRoutes } from './drives.ts'
import { journalRoute } from './journal.ts'
import { makeFolderRoute } from './make-folder.ts'
import { operationsRoute } from './operations.ts'
import { readNodeRoutes } from './read-node.ts'
import { routeKit } from './route-kit.ts'
import { trashRoutes } from './trash.ts'
import { trashNodeRoute } from './trash-node.ts'
import { updateNodeRoute } from './update-node.ts'
import { versionRoutes } from './versions.ts'

const REGISTER = [
  driveRoutes,
  journalRoute,
  readNodeRoutes,
  childrenRoute,
  makeFolderRoute,
  updateNodeRoute,
  copyNodeRoute,
  trashNodeRoute,
  trashRoutes,
  versionRoutes,
  operationsRoute,
  adminQuotaRoutes
]

export const metadataRoutes = (context: MetadataContext): FastifyPluginAsync =>
  httpRoutes((app) => {
    // Thrown on to the server's own handler, which writes the problem document.
    app.setErrorHandler((error) => {
      throw toPublicError(error)
    })
    const routes = routeKit(app, context)
    for (const register of REGISTER) register(routes)
  })
