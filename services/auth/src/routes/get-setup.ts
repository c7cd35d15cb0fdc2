import { type HttpApp, problemResponses } from '@cairn/http'
import { Type } from 'typebox'
import type { AuthContext } from '../context.ts'
import { isSetupRequired } from '../domain/accounts/setup.ts'

export const getSetup = (app: HttpApp, context: AuthContext): void => {
  app.get(
    '/v1/auth/setup',
    {
      schema: {
        tags: ['auth'],
        summary: 'Whether the first administrator is still to be made',
        response: { 200: Type.Object({ required: Type.Boolean() }), ...problemResponses('unavailable') }
      }
    },
    async () => ({ required: await isSetupRequired(context) })
  )
}
