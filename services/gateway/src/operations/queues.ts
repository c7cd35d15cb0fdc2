import type { Bus } from '@cairn/bus'
import { type HttpApp, problemResponses, requireAdmin } from '@cairn/http'
import type { IdentityVerifier } from '@cairn/identity'
import type { Clock } from '@cairn/runtime'
import { Type } from 'typebox'

/** By module name: messages it has committed and not yet handed to the bus; milliseconds the oldest has waited. */
export type Outboxes = Readonly<Record<string, () => Promise<OutboxState> | undefined>>

interface OutboxState {
  readonly pending: number
  readonly oldestAge: number
}

export interface QueuesDeps {
  readonly bus: Bus
  readonly clock: Clock
  readonly identity: IdentityVerifier
  readonly outboxes: Outboxes
}

const Waiting = {
  name: Type.String(),
  waiting: Type.Integer({ minimum: 0, description: 'Counted up to 10000' }),
  oldestAt: Type.Unsafe<string | null>({ type: ['string', 'null'], format: 'date-time' })
}

const Queues = Type.Object({
  subscriptions: Type.Array(Type.Object({ ...Waiting, dead: Type.Integer({ minimum: 0 }) }), {
    description: 'What consumers have not handled yet, and what they gave up on'
  }),
  outboxes: Type.Array(Type.Object(Waiting), { description: 'What services have committed and not yet announced' }),
  deadLetters: Type.Integer({ minimum: 0 })
})

/** GET /v1/admin/queues */
export const queueRoutes = (app: HttpApp, { bus, clock, identity, outboxes }: QueuesDeps): void => {
  app.get(
    '/v1/admin/queues',
    {
      onRequest: requireAdmin(identity),
      schema: {
        tags: ['admin'],
        summary: 'Messages between services: how many wait, since when, and how many were given up on',
        response: { 200: Queues, ...problemResponses('unauthenticated', 'forbidden') }
      }
    },
    async () => {
      const now = clock.now()
      const describe = (name: string, { pending, oldestAge }: OutboxState) => ({
        name,
        waiting: pending,
        oldestAt: pending === 0 ? null : new Date(now - oldestAge).toISOString()
      })
      const backlog = await bus.backlog()
      const lags = await Promise.all(
        Object.entries(outboxes).map(async ([name, lag]) =>
          describe(name, (await lag()) ?? { pending: 0, oldestAge: 0 })
        )
      )
      return {
        subscriptions: backlog.map((row) => ({ ...describe(row.subscription, row), dead: row.dead })),
        outboxes: lags,
        deadLetters: backlog.reduce((sum, { dead }) => sum + dead, 0)
      }
    }
  )
}
