import type { Migration } from '@cairn/database'

export const storageMigrations: readonly Migration[] = [
  {
    name: '20261123T2000-create-storage',
    sql: `
      create table storage.vault (
        vault_id uuid primary key,
        gc_epoch bigint not null default 1,
        created_at timestamptz not null default now()
      );
      create table storage.vault_key (
        vault_id uuid not null references storage.vault,
        key_version smallint not null,
        kek_id text not null,
        wrapped bytea not null,
        created_at timestamptz not null default now(),
        primary key (vault_id, key_version)
      );
      create table storage.pack (
        vault_id uuid not null,
        pack_id uuid not null,
        state text not null check (state in ('intent', 'stored', 'deleting')),
        bytes bigint not null default 0,
        lease_until timestamptz,
        created_at timestamptz not null default now(),
        primary key (vault_id, pack_id)
      );
      create index pack_intent on storage.pack (vault_id, lease_until) where state <> 'stored';
      create table storage.chunk (
        vault_id uuid not null,
        chunk_id bytea not null,
        pack_id uuid not null,
        pack_offset integer not null,
        record_length integer not null,
        plain_length integer not null,
        state text not null default 'live' check (state in ('live', 'condemned', 'suspect')),
        touch_epoch bigint not null,
        condemned_epoch bigint,
        condemned_at timestamptz,
        primary key (vault_id, chunk_id)
      );
      create index chunk_pack on storage.chunk (vault_id, pack_id);
      create table storage.manifest (
        vault_id uuid not null,
        manifest_id bytea not null,
        size bigint not null,
        profile smallint not null,
        page_count integer not null,
        entries bytea,
        wire_ids bytea,
        primary key (vault_id, manifest_id)
      );
      create table storage.manifest_page (
        vault_id uuid not null,
        manifest_id bytea not null,
        page_no integer not null,
        first_offset bigint not null,
        entries bytea not null,
        wire_ids bytea not null,
        primary key (vault_id, manifest_id, page_no)
      );
      create table storage.reference (
        vault_id uuid not null,
        reference_id uuid not null,
        manifest_id bytea not null,
        confirmed boolean not null default false,
        created_at timestamptz not null default now(),
        primary key (vault_id, reference_id)
      );
      create index reference_manifest on storage.reference (vault_id, manifest_id);
      create index reference_unconfirmed on storage.reference (vault_id, created_at) where not confirmed;
      create table storage.upload (
        vault_id uuid not null,
        upload_id uuid not null,
        state text not null default 'open' check (state in ('open', 'sealed', 'expired')),
        durable_offset bigint not null default 0,
        pin_count integer not null default 0,
        tail bytea,
        lease_until timestamptz not null,
        lease_seconds integer not null,
        primary key (vault_id, upload_id)
      );
      create index upload_lease on storage.upload (vault_id, lease_until) where state = 'open';
      create table storage.upload_pin (
        vault_id uuid not null,
        upload_id uuid not null,
        pin_no integer not null,
        sequential boolean not null,
        entries bytea not null,
        wire_ids bytea,
        primary key (vault_id, upload_id, pin_no)
      );
    `
  },
  {
    name: '20261125T0900-create-doctor-run',
    sql: `
      create table storage.doctor_run (
        run_id uuid primary key,
        state text not null check (state in ('running', 'done', 'failed', 'cancelled', 'lost')),
        level smallint not null,
        repair boolean not null,
        started_at timestamptz not null default now(),
        alive_at timestamptz not null default now(),
        finished_at timestamptz,
        progress json not null,
        findings json not null default '[]',
        error text
      );
      create unique index doctor_run_running on storage.doctor_run ((true)) where state = 'running';
    `
  }
]
