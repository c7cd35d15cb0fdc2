import { type HttpApp, problemResponses, Uuid } from '@cairn/http'
import { Type } from 'typebox'
import type { AuthContext } from '../context.ts'
import { resetByOperator } from '../domain/operator/reset-by-operator.ts'
import { callerOf } from '../http/caller-of.ts'

const Hash = Type.String({ pattern: '^[0-9a-f]{64}$', minLength: 64, maxLength: 64 })

const Body = Type.Object(
  {
    username: Type.Optional(Type.String({ minLength: 1, maxLength: 320 })),
    at: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description: 'Milliseconds since the epoch' }),
    tokenId: Uuid,
    secretHash: Hash,
    proof: Hash
  },
  { additionalProperties: false }
)

const Reply = Type.Object({
  userId: Uuid,
  username: Type.String(),
  origin: Type.String({ description: 'Where users reach this server' }),
  expiresAt: Type.String({ format: 'date-time' })
})

/** POST /v1/auth/operator/password-reset */
export const postOperatorReset = (app: HttpApp, context: AuthContext): void => {
  app.post(
    '/v1/auth/operator/password-reset',
    {
      schema: {
        tags: ['auth'],
        security: [],
        summary: 'For the command line on the server’s machine: a password reset proven by the master key',
        body: Body,
        response: { 201: Reply, ...problemResponses('forbidden', 'not_found', 'conflict', 'rate_limited') }
      }
    },
    async (request, reply) => {
      const { username = '', at, tokenId, secretHash, proof } = request.body
      const { account, expiresAt } = await resetByOperator(context, callerOf(request), {
        claim: { username, at, tokenId, secretHash: Buffer.from(secretHash, 'hex') },
        proof: Buffer.from(proof, 'hex')
      })
      return reply.code(201).send({
        userId: account.user_id,
        username: account.name,
        origin: context.publicOrigin,
        expiresAt: expiresAt.toISOString()
      })
    }
  )
}
