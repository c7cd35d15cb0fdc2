import type { HttpApp } from '@cairn/http'
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { OpenAPIV3_1 } from 'openapi-types'
import { PAGE_POLICY } from '../http/security-headers.ts'
import { describeRoute, tidyDocument } from './api-document.ts'

export interface ApiDescription {
  readonly version: string
  readonly publicOrigin: string
}

const DESCRIPTION_PATH = '/v1/openapi.json'
const BROWSER_PATH = '/v1/docs'

/** Swagger UI styles itself at run time; its scripts are files of ours. */
const BROWSER_POLICY = PAGE_POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")

/** Collects the schemas of every route added after it, and serves them as OpenAPI 3.1 with a page to browse them. */
export const describeApi = async (app: HttpApp, api: ApiDescription): Promise<void> => {
  await app.register(swagger, {
    transform: describeRoute,
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Cairn',
        version: api.version,
        description:
          'Self-hosted file storage and sync. Errors are problem documents (RFC 9457) with a stable `code`. ' +
          'Requests by cookie that change anything need the header `X-Cairn-CSRF: 1`.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' }
      },
      servers: [{ url: api.publicOrigin }],
      security: [{ bearer: [] }, { appPassword: [] }, { cookie: [] }],
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', description: 'An access token, or an app password (`cairn_…`)' },
          appPassword: { type: 'http', scheme: 'basic', description: 'Username and an app password' },
          cookie: {
            type: 'apiKey',
            in: 'cookie',
            name: api.publicOrigin.startsWith('https:') ? '__Host-cairn-access' : 'cairn-access'
          },
          operator: { type: 'http', scheme: 'bearer', description: 'CAIRN_METRICS_TOKEN' }
        }
      }
    }
  })

  let description: string | undefined
  app.get(DESCRIPTION_PATH, { schema: { hide: true } }, async (_request, reply) => {
    description ??= JSON.stringify(tidyDocument(app.swagger() as OpenAPIV3_1.Document))
    return reply
      .type('application/json; charset=utf-8')
      .header('cache-control', 'public, max-age=300')
      .send(description)
  })

  await app.register(async (scope) => {
    scope.addHook('onRequest', async (_request, reply) => {
      reply.header('content-security-policy', BROWSER_POLICY)
    })
    await scope.register(swaggerUi, {
      routePrefix: BROWSER_PATH,
      staticCSP: false,
      theme: { title: 'Cairn API' },
      // The default asks a validator of a third party.
      uiConfig: {
        url: DESCRIPTION_PATH,
        validatorUrl: null,
        docExpansion: 'list',
        deepLinking: true,
        tryItOutEnabled: false
      }
    })
  })
}
