import { type HttpApp, problemResponses } from '@cairn/http'
import { Type } from 'typebox'
import type { AuthContext } from '../context.ts'
import { MIN_PASSWORD_LENGTH } from '../domain/passwords/rules.ts'
import { readSignupPolicy } from '../domain/policy.ts'
import { SignupPolicySchema } from '../http/schemas.ts'

export const getPolicy = (app: HttpApp, context: AuthContext): void => {
  app.get(
    '/v1/auth/policy',
    {
      schema: {
        tags: ['auth'],
        summary: 'Who may register, and what passwords must be like',
        response: {
          200: Type.Object({ signup: SignupPolicySchema, minimumPasswordLength: Type.Integer() }),
          ...problemResponses('unavailable')
        }
      }
    },
    async () => ({ signup: await readSignupPolicy(context), minimumPasswordLength: MIN_PASSWORD_LENGTH })
  )
}
