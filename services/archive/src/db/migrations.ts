import type { Migration } from '@cairn/database'

export const archiveMigrations: readonly Migration[] = [
  {
    name: '20261125T0700-create-archive',
    sql: `
      create table archive.ticket (
        user_id uuid not null,
        ticket_id uuid not null,
        vault_id uuid not null,
        drive_id uuid not null,
        credential text not null check (credential in ('session', 'app-password')),
        credential_id text not null,
        secret_hash bytea,
        name text not null,
        entries integer not null,
        directory_offset bigint not null,
        directory_size bigint not null,
        size bigint not null,
        created_at timestamptz not null default now(),
        expires_at timestamptz not null,
        primary key (user_id, ticket_id)
      );
      create index ticket_expiry on archive.ticket (expires_at);
      create table archive.page (
        user_id uuid not null,
        ticket_id uuid not null,
        page_no integer not null,
        first_offset bigint not null,
        directory_offset bigint not null,
        entries bytea not null,
        primary key (user_id, ticket_id, page_no),
        foreign key (user_id, ticket_id) references archive.ticket on delete cascade
      );
      create table archive.checksum (
        vault_id uuid not null,
        version_id uuid not null,
        length bigint not null,
        sealed bytea not null,
        noted_at timestamptz not null default now(),
        primary key (vault_id, version_id)
      );
      create index checksum_age on archive.checksum (noted_at);
    `
  }
]
