import { httpRoutes, streamBodies } from '@cairn/http'
import type { FastifyPluginAsync } from 'fastify'
import type { UploadContext } from '../context.ts'
import { createTusProtocol } from '../tus/protocol.ts'
import { batchRoute } from './batch/index.ts'
import { abortRoute } from './chunked/abort.ts'
import { commitRoute } from './chunked/commit.ts'
import { framesRoute } from './chunked/frames.ts'
import { haveRoute } from './chunked/have.ts'
import { openRoute } from './chunked/open.ts'
import type { RouteDeps } from './deps.ts'
import { putRoutes } from './put/index.ts'
import { commitSessionRoute } from './sessions/commit.ts'
import { listRoute } from './sessions/list.ts'
import { statusRoute } from './sessions/status.ts'
import { tusRoutes } from './tus/index.ts'

export const uploadRoutes = (context: UploadContext): FastifyPluginAsync =>
  httpRoutes(async (app) => {
    const deps: RouteDeps = { context, tus: createTusProtocol(context) }
    await app.register(
      httpRoutes((scope) => {
        streamBodies(scope)
        tusRoutes(scope, deps)
        putRoutes(scope, deps)
        framesRoute(scope, deps)
        batchRoute(scope, deps)
      })
    )
    listRoute(app, deps)
    statusRoute(app, deps)
    commitSessionRoute(app, deps)
    openRoute(app, deps)
    haveRoute(app, deps)
    commitRoute(app, deps)
    abortRoute(app, deps)
  })
