import { sql, type Transaction } from 'kysely'
import type { OutboxMessage } from './outbox-message.ts'

/**
 * Adds messages to the schema's outbox inside the caller's transaction: they are published if and only if
 * it commits. One key's order equals commit order when the transaction holds a lock on what the key names
 * before it appends. Call the relay's `notify` after the commit.
 */
export const appendToOutbox = async <Tables>(
  tx: Transaction<Tables>,
  schema: string,
  messages: readonly OutboxMessage[]
): Promise<void> => {
  if (messages.length === 0) return
  await sql`
    insert into ${sql.table(`${schema}.outbox`)} (id, topic, key, payload, traceparent)
    select id, topic, key, payload::json, traceparent
    from unnest(
      ${messages.map(({ id }) => id)}::uuid[],
      ${messages.map(({ topic }) => topic)}::text[],
      ${messages.map(({ key }) => key)}::text[],
      ${messages.map(({ payload }) => encode(payload))}::text[],
      ${messages.map(({ traceparent }) => traceparent ?? null)}::text[]
    ) with ordinality as list(id, topic, key, payload, traceparent, position)
    order by position
  `.execute(tx)
}

/** JSON has no undefined: a message without payload carries null. */
const encode = (payload: unknown): string => JSON.stringify(payload) ?? 'null'
