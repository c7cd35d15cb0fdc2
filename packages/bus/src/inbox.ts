import type { Migration } from '@cairn/database'
import { type Kysely, sql, type Transaction } from 'kysely'

/**
 * Remembers which messages a service has taken in, in the same transaction as their effect: the effect
 * happens exactly once although messages arrive at least once.
 */
export interface Inbox {
  /** Creates `<schema>.inbox`; goes into the service's migrations. */
  readonly migration: Migration
  /** True the first time; false when the effect is already there and the handler has only to return. */
  once<Tables>(tx: Transaction<Tables>, subscription: string, messageId: string): Promise<boolean>
  /** Forgets entries older than `age` milliseconds; returns how many. Run it daily with an age of weeks. */
  forget<Tables>(query: Kysely<Tables>, age: number): Promise<number>
}

export const createInbox = (schema: string): Inbox => {
  const table = sql.table(`${schema}.inbox`)
  return {
    migration: {
      name: '00000000T0001-create-inbox',
      sql: `
        create table ${schema}.inbox (
          subscription text not null,
          message_id uuid not null,
          received_at timestamptz not null default now(),
          primary key (subscription, message_id)
        );
        create index inbox_received_at on ${schema}.inbox using brin (received_at);
      `
    },

    once: async (tx, subscription, messageId) => {
      const { rows } = await sql`
        insert into ${table} (subscription, message_id) values (${subscription}, ${messageId})
        on conflict do nothing returning message_id
      `.execute(tx)
      return rows.length === 1
    },

    forget: async (query, age) => {
      const { numAffectedRows } = await sql`
        delete from ${table} where received_at < now() - ${age} * interval '1 millisecond'
      `.execute(query)
      return Number(numAffectedRows ?? 0n)
    }
  }
}
