import type { Migration } from '../database.ts'

/**
 * The outbox of one schema. `outbox_lease` has a single row: whoever holds it is the only relay at work,
 * because parallel relays (SKIP LOCKED) would publish one key's messages out of order.
 */
export const outboxMigration = (schema: string): Migration => ({
  name: '00000000T0000-create-outbox',
  sql: `
    create table ${schema}.outbox (
      seq bigserial primary key,
      id uuid not null,
      topic text not null,
      key text not null,
      payload json not null,
      traceparent text,
      created_at timestamptz not null default now()
    ) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
    create table ${schema}.outbox_lease (
      id smallint primary key check (id = 1),
      holder uuid,
      expires_at timestamptz not null default '-infinity'
    ) with (fillfactor = 50);
    insert into ${schema}.outbox_lease (id) values (1);
  `
})
