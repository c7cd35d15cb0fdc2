import type { Bus, DeadLetter, DeadLetters } from '@cairn/bus'
import { CairnError } from '@cairn/contracts'
import { type HttpApp, problemResponses, requireAdmin, Timestamp, Uuid } from '@cairn/http'
import type { IdentityVerifier } from '@cairn/identity'
import { Type } from 'typebox'

const tags = ['admin']
const Params = Type.Object({ id: Uuid })
const Letter = Type.Object({
  id: Uuid,
  subscription: Type.String({ description: 'The consumer that gave up' }),
  topic: Type.String(),
  key: Type.String(),
  attempts: Type.Integer(),
  reason: Type.String({ description: 'The last failure' }),
  deadAt: Timestamp
})

/** Messages that consumers gave up on: list, give another chance, or drop. */
export const deadLetterRoutes = (app: HttpApp, deps: { bus: Bus; identity: IdentityVerifier }): void => {
  const onRequest = requireAdmin(deps.identity)
  const letters = deps.bus.deadLetters
  app.get(
    '/v1/admin/dead-letters',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Messages between services that could not be handled',
        querystring: Type.Object(
          {
            subscription: Type.Optional(Type.String({ maxLength: 200 })),
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 })),
            after: Type.Optional(Uuid)
          },
          { additionalProperties: false }
        ),
        response: {
          200: Type.Object({ items: Type.Array(Letter) }),
          ...problemResponses('unauthenticated', 'forbidden')
        }
      }
    },
    async ({ query: { limit = 100, subscription, after } }) => {
      const found = await letters.list({ limit, ...(subscription && { subscription }), ...(after && { after }) })
      return { items: found.map(letterShape) }
    }
  )
  app.post(
    '/v1/admin/dead-letters/replay',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Hand all messages, or those of one consumer, to their consumers again',
        body: Type.Object(
          { subscription: Type.Optional(Type.String({ maxLength: 200 })) },
          { additionalProperties: false }
        ),
        response: {
          200: Type.Object({ replayed: Type.Integer({ minimum: 0 }) }),
          ...problemResponses('unauthenticated', 'forbidden')
        }
      }
    },
    async ({ body: { subscription } }) => ({ replayed: await replayAll(letters, subscription) })
  )
  app.post(
    '/v1/admin/dead-letters/:id/replay',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Hand the message to its consumer again',
        params: Params,
        response: { 204: Type.Null(), ...problemResponses('unauthenticated', 'forbidden', 'not_found') }
      }
    },
    async (request, reply) => {
      if (!(await letters.replay(request.params.id))) throw missing()
      return reply.code(204).send(null)
    }
  )
  app.delete(
    '/v1/admin/dead-letters/:id',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Drop the message for good',
        params: Params,
        response: { 204: Type.Null(), ...problemResponses('unauthenticated', 'forbidden', 'not_found') }
      }
    },
    async (request, reply) => {
      if (!(await letters.discard(request.params.id))) throw missing()
      return reply.code(204).send(null)
    }
  )
}

const PAGE = 200

/** One pass: a message that dies again meanwhile has a later id and is left alone. */
const replayAll = async (letters: DeadLetters, subscription: string | undefined): Promise<number> => {
  const known = await letters.list({ limit: PAGE, ...(subscription && { subscription }) })
  let replayed = 0
  for (let page = known; page.length > 0; ) {
    for (const { id } of page) if (await letters.replay(id)) replayed += 1
    const after = page.at(-1)?.id
    if (page.length < PAGE || after === undefined) break
    page = await letters.list({ limit: PAGE, after, ...(subscription && { subscription }) })
  }
  return replayed
}

const missing = (): CairnError => new CairnError('not_found', 'There is no such message.')

const letterShape = ({ message, ...letter }: DeadLetter) => ({
  id: letter.id,
  subscription: letter.subscription,
  topic: message.topic,
  key: message.key,
  attempts: letter.attempts,
  reason: letter.reason,
  deadAt: letter.deadAt
})
