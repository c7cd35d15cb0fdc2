import type { HttpApp } from '@cairn/http'
import { Type } from 'typebox'
import type { AuthContext } from '../context.ts'

export const getJwks = (app: HttpApp, context: AuthContext): void => {
  app.get(
    '/.well-known/jwks.json',
    {
      schema: {
        tags: ['auth'],
        summary: 'Public keys of access tokens',
        response: { 200: Type.Object({ keys: Type.Array(Type.Record(Type.String(), Type.String())) }) }
      }
    },
    async (_request, reply) => {
      reply.header('cache-control', 'public, max-age=300')
      const { keys } = await context.keys.jwks()
      return { keys: keys.map((key) => ({ ...key })) as Record<string, string>[] }
    }
  )
}
