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
  const rows = JSON.stringify(
    messages.map(({ id, topic, key, payload, traceparent }) => ({ id, topic, key, payload, traceparent }))
  )
  await sql`
    insert into ${sql.table(`${schema}.outbox`)} (id, topic, key, payload, traceparent)
    select (m->>'id')::uuid, m->>'topic', m->>'key', coalesce(m->'payload', 'null'), m->>'traceparent'
    from jsonb_array_elements(${rows}::jsonb) with ordinality as list(m, position)
    order by position
  `.execute(tx)
}
