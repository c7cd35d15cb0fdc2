import type { Migration } from '@cairn/database'

export const createAccounts: Migration = {
  name: '20261123T2100-create-accounts',
  sql: `
create table auth.account (
  user_id uuid primary key,
  name text not null,
  name_fold text not null,
  email text,
  email_fold text,
  password_hash text,
  password_changed_at timestamptz,
  admin boolean not null,
  disabled_at timestamptz,
  deleted_at timestamptz,
  created_at timestamptz not null,
  last_sign_in_at timestamptz
);
create index account_by_fold on auth.account (name_fold);

-- Directories: small, replicated to every node, the only place where folds are unique.
create table auth.username (
  name_fold text primary key,
  user_id uuid not null
);
create table auth.email (
  email_fold text primary key,
  user_id uuid not null
);

create table auth.known_source (
  user_id uuid not null,
  source_hash bytea not null,
  last_sign_in_at timestamptz not null,
  primary key (user_id, source_hash)
);

-- One row. Whoever completes it is the first administrator; its lock also guards "one administrator remains".
create table auth.setup (
  id int primary key check (id = 1),
  sealed_token bytea not null,
  completed_at timestamptz,
  completed_by uuid
);

create table auth.setting (
  name text primary key,
  value jsonb not null,
  updated_at timestamptz not null,
  updated_by uuid
);

create table auth.invite (
  invite_id uuid primary key,
  secret_hash bytea not null,
  note text not null,
  created_by uuid not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  used_by uuid
);
`
}
