import type { Migration } from '@cairn/database'

/** Schema that holds the queues; open the database with it. */
export const BUS_SCHEMA = 'bus'

/**
 * One copy of a message per subscription (`delivery`), removed when acknowledged. `holder` and `fence` of a
 * subscription are the lease of the one consumer at work: order per key needs a single reader.
 */
export const busMigrations: readonly Migration[] = [
  {
    name: '20260101T0000-create-queues',
    sql: `
      create table bus.subscription (
        name text primary key,
        topics text[] not null,
        holder uuid,
        fence bigint not null default 0,
        leased_until timestamptz not null default '-infinity'
      ) with (fillfactor = 50);

      create table bus.delivery (
        subscription text not null,
        seq bigserial not null,
        message_id uuid not null,
        topic text not null,
        key text not null,
        payload json not null,
        traceparent text,
        attempts int not null default 0,
        available_at timestamptz not null default now(),
        in_flight boolean not null default false,
        created_at timestamptz not null default now(),
        primary key (subscription, seq),
        unique (subscription, message_id)
      ) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

      create index delivery_retried on bus.delivery (subscription, key) where attempts > 0;

      create table bus.dead_letter (
        id uuid primary key,
        subscription text not null,
        message_id uuid not null,
        topic text not null,
        key text not null,
        payload json not null,
        traceparent text,
        attempts int not null,
        reason text not null,
        dead_at timestamptz not null default now()
      );
    `
  }
]
