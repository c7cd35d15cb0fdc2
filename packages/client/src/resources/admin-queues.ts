import type { CallOptions } from '../models.ts'
import { path } from '../transport/request.ts'
import type { Transport } from '../transport/transport.ts'

/** Messages between services. */
export interface QueueAdministration {
  queues(options?: CallOptions): Promise<Queues>
  /** What consumers gave up on, oldest first; `after`: id of the last one of the page before. */
  deadLetters(query?: DeadLetterQuery, options?: CallOptions): Promise<readonly DeadLetter[]>
  replayDeadLetter(id: string, options?: CallOptions): Promise<void>
  /** All of them, or those of one consumer. */
  replayDeadLetters(subscription?: string, options?: CallOptions): Promise<{ readonly replayed: number }>
  discardDeadLetter(id: string, options?: CallOptions): Promise<void>
}

export interface Queue {
  readonly name: string
  /** Counted up to 10000. */
  readonly waiting: number
  readonly oldestAt: string | null
}

export interface Queues {
  /** Not handled yet, by consumer. */
  readonly subscriptions: readonly (Queue & { readonly dead: number })[]
  /** Not announced yet, by service. */
  readonly outboxes: readonly Queue[]
  readonly deadLetters: number
}

export interface DeadLetterQuery {
  readonly subscription?: string
  readonly after?: string
  readonly limit?: number
}

export interface DeadLetter {
  readonly id: string
  readonly subscription: string
  readonly topic: string
  readonly key: string
  readonly attempts: number
  readonly reason: string
  /** Milliseconds since the epoch. */
  readonly deadAt: number
}

const LETTERS = '/v1/admin/dead-letters'

export const queueAdministration = (transport: Transport): QueueAdministration => ({
  queues: ({ signal } = {}) => transport.json({ method: 'GET', path: '/v1/admin/queues', signal }),
  deadLetters: async ({ subscription, after, limit } = {}, { signal } = {}) => {
    const query = { subscription, after, limit }
    return (await transport.json<{ items: readonly DeadLetter[] }>({ method: 'GET', path: LETTERS, query, signal }))
      .items
  },
  replayDeadLetter: (id, { signal } = {}) =>
    transport.none({ method: 'POST', path: path`/v1/admin/dead-letters/${id}/replay`, signal }),
  replayDeadLetters: (subscription, { signal } = {}) => {
    const json = subscription === undefined ? {} : { subscription }
    return transport.json({ method: 'POST', path: `${LETTERS}/replay`, json, signal })
  },
  discardDeadLetter: (id, { signal } = {}) =>
    transport.none({ method: 'DELETE', path: path`/v1/admin/dead-letters/${id}`, signal })
})
