import { sql } from 'kysely'
import type { BusMessage } from '../bus.ts'
import type { Run } from './statements.ts'

const MESSAGES_PER_STATEMENT = 1_000

/** Stores a copy per subscription, durably; a copy that is still there is left alone. Returns who got any. */
export const publishMessages = async (run: Run, messages: readonly BusMessage[]): Promise<ReadonlySet<string>> => {
  const receivers = new Set<string>()
  for (let at = 0; at < messages.length; at += MESSAGES_PER_STATEMENT) {
    const batch = messages.slice(at, at + MESSAGES_PER_STATEMENT)
    const rows = await run(sql<{ subscription: string }>`
      with stored as (
        insert into bus.delivery (subscription, message_id, topic, key, payload, traceparent)
        select subscription.name, id, topic, key, payload::json, traceparent
        from unnest(
          ${batch.map(({ id }) => id)}::uuid[],
          ${batch.map(({ topic }) => topic)}::text[],
          ${batch.map(({ key }) => key)}::text[],
          ${batch.map(({ payload }) => encode(payload))}::text[],
          ${batch.map(({ traceparent }) => traceparent ?? null)}::text[]
        ) with ordinality as list(id, topic, key, payload, traceparent, position)
        join bus.subscription on topic = any(subscription.topics)
        order by position
        on conflict (subscription, message_id) do nothing
        returning subscription
      )
      select distinct subscription from stored
    `)
    for (const row of rows) receivers.add(row.subscription)
  }
  return receivers
}

/** JSON has no undefined: a message without payload carries null. */
const encode = (payload: unknown): string => JSON.stringify(payload) ?? 'null'
