import { sql } from 'kysely'
import { type Run, relaxed } from './statements.ts'

/** Proof of being the one consumer of a subscription; every write of that consumer is checked against it. */
export interface Lease {
  readonly fence: number
  /** The previous holder vanished: what it had in hand is still marked as in flight. */
  readonly abandoned: boolean
}

export interface SubscriptionLeases {
  register(name: string, topics: readonly string[]): Promise<void>
  /** Undefined when another consumer is at work or nothing is there to do. */
  acquire(name: string, holder: string, leaseMs: number): Promise<Lease | undefined>
  /** False when the lease was lost. */
  renew(name: string, lease: Lease, leaseMs: number): Promise<boolean>
  /** Returns milliseconds until the next retry is due; undefined when none waits. */
  release(name: string, lease: Lease): Promise<number | undefined>
}

export const createSubscriptionLeases = (run: Run): SubscriptionLeases => ({
  register: async (name, topics) => {
    await run(sql`
      insert into bus.subscription (name, topics) values (${name}, ${topics}::text[])
      on conflict (name) do update set topics = excluded.topics
      where subscription.topics is distinct from excluded.topics
    `)
  },

  acquire: async (name, holder, leaseMs) => {
    const rows = await run(sql<Lease>`
      with ${relaxed},
      free as (
        select name, holder from bus.subscription, relaxed
        where name = ${name} and (holder is null or leased_until < now())
          and exists (select 1 from bus.delivery where subscription = ${name} and available_at <= now())
        for update of subscription skip locked
      )
      update bus.subscription taken
      set holder = ${holder}, fence = fence + 1, leased_until = now() + ${leaseMs} * interval '1 millisecond'
      from free where taken.name = free.name
      returning taken.fence, free.holder is not null as abandoned
    `)
    return rows[0]
  },

  renew: async (name, lease, leaseMs) => {
    const rows = await run(sql`
      with ${relaxed}
      update bus.subscription set leased_until = now() + ${leaseMs} * interval '1 millisecond'
      from relaxed where name = ${name} and fence = ${lease.fence} and holder is not null
      returning name
    `)
    return rows.length === 1
  },

  release: async (name, lease) => {
    const rows = await run(sql<{ pause: number | null }>`
      with ${relaxed}
      update bus.subscription set holder = null
      from relaxed where name = ${name} and fence = ${lease.fence}
      returning (
        select extract(epoch from min(available_at) - now()) * 1000
        from bus.delivery where subscription = ${name} and attempts > 0
      )::float8 as pause
    `)
    const pause = rows[0]?.pause
    return pause === null || pause === undefined ? undefined : Math.max(0, pause)
  }
})
