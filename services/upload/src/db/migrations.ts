import type { Migration } from '@cairn/database'

export const uploadMigrations: readonly Migration[] = [
  {
    name: '20261123T2000-create-session',
    sql: `
      create table upload.session (
        user_id uuid not null,
        upload_id uuid not null,
        kind text not null check (kind in ('stream', 'partial', 'final', 'chunked')),
        state text not null check (state in ('open', 'assembling', 'finishing', 'refused', 'done')),
        device_id text not null,
        vault_id uuid not null,
        drive_id uuid not null,
        node_id uuid,
        parent_id uuid,
        name text not null,
        length bigint,
        byte_limit bigint not null,
        durable bigint not null default 0,
        received bigint not null default 0,
        metadata text,
        mtime_ms bigint,
        on_conflict text not null,
        client_key text,
        parts uuid[],
        version_id uuid,
        op_id uuid,
        result_node_id uuid,
        error_code text,
        lock_owner uuid,
        lock_fence bigint not null default 0,
        lock_until timestamptz,
        lock_wanted text check (lock_wanted in ('urgent', 'polite')),
        created_at timestamptz not null default now(),
        active_at timestamptz not null default now(),
        lease_until timestamptz not null,
        primary key (user_id, upload_id)
      );
      create index session_recent on upload.session (user_id, created_at desc);
      create index session_open on upload.session (user_id, created_at desc) where state <> 'done';
      create unique index session_client_key on upload.session (user_id, drive_id, client_key) where client_key is not null;
      create index session_lease on upload.session (lease_until);
      create index session_unsettled on upload.session (active_at) where state in ('finishing', 'assembling');
    `
  }
]
