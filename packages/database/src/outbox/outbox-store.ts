import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../database.ts'
import type { OutboxMessage } from './outbox-message.ts'

export interface OutboxRow extends OutboxMessage {
  readonly seq: number
}

/** How far publishing is behind. */
export interface OutboxLag {
  /** Messages waiting, counted up to 10000. */
  readonly pending: number
  /** Milliseconds the oldest one has waited. */
  readonly oldestAge: number
}

export interface OutboxStore {
  isEmpty(): Promise<boolean>
  /** Takes or renews the lease. False while another relay holds it. */
  acquire(holder: string, leaseMs: number): Promise<boolean>
  release(holder: string): Promise<void>
  read(limit: number, exceptKeys: readonly string[]): Promise<readonly OutboxRow[]>
  remove(rows: readonly OutboxRow[]): Promise<void>
  lag(): Promise<OutboxLag>
}

export const createOutboxStore = <Tables>(database: Database<Tables>, schema: string): OutboxStore => {
  const outbox = sql.table(`${schema}.outbox`)
  const lease = sql.table(`${schema}.outbox_lease`)
  const run = async <Row>(statement: RawBuilder<Row>) => (await statement.execute(database.query)).rows

  return {
    isEmpty: async () => {
      const rows = await run(sql<{ empty: boolean }>`select not exists (select 1 from ${outbox}) as empty`)
      return rows[0]?.empty !== false
    },

    acquire: async (holder, leaseMs) => {
      const rows = await run(sql<{ id: number }>`
        ${withoutWaitingForDisk}
        update ${lease} set holder = ${holder}, expires_at = now() + ${leaseMs} * interval '1 millisecond'
        from relaxed where id = 1 and (holder is null or holder = ${holder} or expires_at < now())
        returning id
      `)
      return rows.length === 1
    },

    release: async (holder) => {
      await run(sql`
        ${withoutWaitingForDisk}
        update ${lease} set holder = null from relaxed where id = 1 and holder = ${holder}
      `)
    },

    read: async (limit, exceptKeys) => {
      const rows = await run(sql<Omit<OutboxRow, 'traceparent'> & { traceparent: string | null }>`
        select seq, id, topic, key, payload, traceparent from ${outbox}
        where key <> all(${exceptKeys}::text[]) order by seq limit ${limit}
      `)
      return rows.map(({ traceparent, ...row }) => (traceparent === null ? row : { ...row, traceparent }))
    },

    remove: async (rows) => {
      await run(sql`
        ${withoutWaitingForDisk}
        delete from ${outbox} using relaxed where seq = any(${rows.map((row) => row.seq)}::int8[])
      `)
    },

    lag: async () => {
      const rows = await run(sql<{ pending: number; age: number }>`
        select (select count(*) from (select 1 from ${outbox} limit 10000) as counted) as pending,
          coalesce((select extract(epoch from clock_timestamp() - created_at) * 1000
            from ${outbox} order by seq limit 1), 0)::float8 as age
      `)
      return { pending: rows[0]?.pending ?? 0, oldestAge: Math.max(0, rows[0]?.age ?? 0) }
    }
  }
}

/** Losing these writes in a crash costs a second publication of the same ids, not a message: no fsync needed. */
const withoutWaitingForDisk = sql`
  with relaxed as materialized (select set_config('synchronous_commit', 'off', true))
`
