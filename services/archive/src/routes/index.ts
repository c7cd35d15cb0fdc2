import { httpRoutes } from '@cairn/http'
import type { FastifyPluginAsync } from 'fastify'
import type { ArchiveContext } from '../context.ts'
import { makeArchive } from './make-archive.ts'
import { sendArchive } from './send-archive.ts'

export const archiveRoutes = (context: ArchiveContext): FastifyPluginAsync =>
  httpRoutes((app) => {
    makeArchive(app, context)
    sendArchive(app, context)
  })
