import { CairnError } from '@cairn/contracts'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { BodyMode } from './transfer-guard.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** How the body of this route is received; set by `streamBodies`. Default "json". */
    bodyMode?: BodyMode
  }
}

const JSON_TYPE = /^application\/json(?:; ?charset=utf-8)?$/i

/**
 * Refuses every JSON-like content type but the exact one, so that what is validated is what is parsed.
 * Types that a service has registered its own parser for pass.
 */
export const requireExactContentType = (request: FastifyRequest): void => {
  const coding = request.headers['content-encoding']
  // Nothing here expands bodies; taking a coded one as it is would store or parse something else than was meant.
  if (coding !== undefined && coding.toLowerCase() !== 'identity') {
    throw new CairnError('unsupported_media_type', 'Send the body without a Content-Encoding')
  }
  const contentType = request.headers['content-type']
  if (contentType === undefined || request.routeOptions.config.bodyMode === 'stream') return
  if (
    /json/i.test(contentType)
      ? JSON_TYPE.test(contentType)
      : /^[\w.+-]+\/[\w.+-]+(?:; ?[\w.-]+=[\w.-]+)*$/.test(contentType)
  ) {
    return
  }
  throw new CairnError('unsupported_media_type', 'Send application/json')
}

/**
 * Makes every route of this (encapsulated) scope receive its body as an unparsed stream in `request.body`,
 * whatever the content type; undefined when the request has none. Such bodies are not bounded by bodyLimit
 * and must keep the minimal rate instead of the body timeout.
 */
export const streamBodies = (app: FastifyInstance): void => {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
  app.addHook('onRoute', (route) => {
    route.config = { ...route.config, bodyMode: 'stream' }
  })
}
