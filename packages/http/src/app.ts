import type { IncomingMessage, ServerResponse } from 'node:http'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyBaseLogger, FastifyInstance, FastifyPluginAsync, RawServerDefault } from 'fastify'

/** A Fastify instance whose route schemas are TypeBox and type the handlers. */
export type HttpApp = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>

/** A plugin of typed routes, as a service hands to the gateway. */
export const httpRoutes =
  (register: (app: HttpApp) => Promise<void> | void): FastifyPluginAsync =>
  async (app) => {
    await register(app.withTypeProvider<TypeBoxTypeProvider>())
  }
