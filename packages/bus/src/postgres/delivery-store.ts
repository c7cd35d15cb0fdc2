import { sql } from 'kysely'
import { type Delivery, type DeliveryRow, deliveryFromRow } from './delivery.ts'
import { type Run, relaxed } from './statements.ts'
import type { Lease } from './subscription-lease.ts'

/** What became of deliveries in hand. */
export interface Settlements {
  readonly acknowledged: readonly Delivery[]
  /** To be tried again; `attempts` already counts the one that failed. */
  readonly retried: readonly { readonly delivery: Delivery; readonly attempts: number; readonly pause: number }[]
  /** Given back untried. */
  readonly released: readonly Delivery[]
  readonly dead: readonly DeadDelivery[]
}

export interface DeadDelivery {
  readonly id: string
  readonly delivery: Delivery
  readonly attempts: number
  readonly reason: string
}

/** The queue of one subscription, as the holder of its lease uses it. */
export interface DeliveryStore {
  /** Takes the next deliveries in order, leaving out keys whose earlier message waits for a retry. */
  claim(lease: Lease, limit: number): Promise<readonly Delivery[]>
  /** Takes over what a vanished consumer had in hand, in order. */
  claimAbandoned(lease: Lease): Promise<readonly Delivery[]>
  /** Counts an attempt before it is made, so that one that ends the process is counted too. */
  countAttempt(lease: Lease, delivery: Delivery): Promise<boolean>
  /** Persists the fate of deliveries. False when the lease was lost; then nothing was changed. */
  settle(lease: Lease, settlements: Settlements): Promise<boolean>
}

export const createDeliveryStore = (run: Run, subscription: string): DeliveryStore => {
  // FOR SHARE makes a takeover wait for this statement: after it, a former holder changes nothing.
  const held = (lease: Lease) => sql`
    held as materialized (
      select name from bus.subscription, relaxed
      where name = ${subscription} and fence = ${lease.fence} and holder is not null for share of subscription
    )`

  const columns = sql`d.seq, d.message_id, d.topic, d.key, d.payload, d.traceparent, d.attempts`

  const earlierOneWaits = sql`
    exists (
      select 1 from bus.delivery earlier
      where earlier.subscription = ${subscription} and earlier.key = d.key and earlier.attempts > 0
        and earlier.seq < d.seq and earlier.available_at > now()
    )`

  const inOrder = (rows: readonly DeliveryRow[]): readonly Delivery[] =>
    rows.map(deliveryFromRow).sort((a, b) => a.seq - b.seq)

  return {
    claim: async (lease, limit) =>
      inOrder(
        await run(sql<DeliveryRow>`
          with ${relaxed}, ${held(lease)},
          next as (
            select d.seq from bus.delivery d, held
            where d.subscription = ${subscription} and not d.in_flight and d.available_at <= now()
              and not ${earlierOneWaits}
            order by d.seq limit ${limit}
          )
          update bus.delivery d set in_flight = true from next
          where d.subscription = ${subscription} and d.seq = next.seq
          returning ${columns}
        `)
      ),

    claimAbandoned: async (lease) => {
      await run(sql`
        with ${relaxed}, ${held(lease)}
        update bus.delivery d set in_flight = false from held
        where d.subscription = ${subscription} and d.in_flight and ${earlierOneWaits}
      `)
      return inOrder(
        await run(sql<DeliveryRow>`
          select ${columns} from bus.delivery d where d.subscription = ${subscription} and d.in_flight
        `)
      )
    },

    countAttempt: async (lease, delivery) => {
      const rows = await run(sql`
        with ${relaxed}, ${held(lease)}
        update bus.delivery d set attempts = ${delivery.attempts + 1} from held
        where d.subscription = ${subscription} and d.seq = ${delivery.seq} returning d.seq
      `)
      return rows.length === 1
    },

    settle: async (lease, { acknowledged, retried, released, dead }) => {
      const seqs = (deliveries: readonly Delivery[]) => deliveries.map(({ seq }) => seq)
      const retries = retried.map(({ delivery, attempts, pause }) => ({ seq: delivery.seq, attempts, pause }))
      const burials = dead.map(({ id, delivery, attempts, reason }) => ({ id, seq: delivery.seq, attempts, reason }))
      const rows = await run(sql`
        with ${relaxed}, ${held(lease)},
        acknowledged as (
          delete from bus.delivery using held
          where subscription = ${subscription} and seq = any(${seqs(acknowledged)}::int8[])
        ),
        released as (
          update bus.delivery set in_flight = false from held
          where subscription = ${subscription} and seq = any(${seqs(released)}::int8[])
        ),
        retried as (
          update bus.delivery d set in_flight = false, attempts = r.attempts,
            available_at = now() + r.pause * interval '1 millisecond'
          from held, json_to_recordset(${JSON.stringify(retries)}) as r(seq int8, attempts int, pause float8)
          where d.subscription = ${subscription} and d.seq = r.seq
        ),
        removed as (
          delete from bus.delivery d
          using held, json_to_recordset(${JSON.stringify(burials)}) as b(id uuid, seq int8, attempts int, reason text)
          where d.subscription = ${subscription} and d.seq = b.seq
          returning b.id, b.reason, b.attempts, d.subscription, d.message_id, d.topic, d.key, d.payload, d.traceparent
        ),
        buried as (
          insert into bus.dead_letter
            (id, subscription, message_id, topic, key, payload, traceparent, attempts, reason)
          select id, subscription, message_id, topic, key, payload, traceparent, attempts, reason from removed
        )
        select name from held
      `)
      return rows.length === 1
    }
  }
}
