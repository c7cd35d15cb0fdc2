import type { Migration } from '@cairn/database'

export const createJournals: Migration = {
  name: '20261123T2102-create-journals',
  sql: `
-- user_id is the subject; the nil UUID is the system's stream.
create table auth.audit_head (
  user_id uuid primary key,
  seq bigint not null,
  hash bytea not null
);
create table auth.audit_event (
  user_id uuid not null,
  seq bigint not null,
  event_id uuid not null,
  at timestamptz not null,
  type text not null,
  actor_id uuid,
  result text not null,
  reason text not null,
  ip text not null,
  user_agent text not null,
  session_hash text not null,
  request_id text not null,
  details jsonb not null,
  hash bytea not null,
  primary key (user_id, seq)
);
create index audit_event_by_time on auth.audit_event (event_id);

create table auth.event_outbox (
  user_id uuid not null,
  event_id uuid not null,
  topic text not null,
  payload jsonb not null,
  traceparent text,
  created_at timestamptz not null,
  primary key (user_id, event_id)
);

create table auth.lease (
  name text primary key,
  holder uuid not null,
  expires_at timestamptz not null
);
`
}
