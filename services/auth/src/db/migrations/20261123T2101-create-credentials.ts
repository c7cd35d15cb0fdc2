import type { Migration } from '@cairn/database'

export const createCredentials: Migration = {
  name: '20261123T2101-create-credentials',
  sql: `
create table auth.session (
  user_id uuid not null,
  session_id uuid not null,
  generation int not null,
  seed bytea not null,
  token_hash bytea not null,
  created_at timestamptz not null,
  last_used_at timestamptz not null,
  rotated_at timestamptz not null,
  idle_expires_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  end_reason text,
  device text,
  user_agent text not null,
  ip text not null,
  primary key (user_id, session_id)
);

create table auth.app_password (
  user_id uuid not null,
  app_password_id uuid not null,
  secret_hash bytea not null,
  name text not null,
  scopes text[] not null,
  created_at timestamptz not null,
  last_used_at timestamptz,
  expires_at timestamptz,
  revoked_at timestamptz,
  primary key (user_id, app_password_id),
  unique (user_id, secret_hash)
);

create table auth.reset_token (
  user_id uuid not null,
  token_id uuid not null,
  secret_hash bytea not null,
  issued_by uuid,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  primary key (user_id, token_id)
);

create table auth.message (
  user_id uuid not null,
  message_id uuid not null,
  kind text not null,
  recipient text,
  sealed_body bytea not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  primary key (user_id, message_id)
);

create table auth.signing_key (
  kid text primary key,
  generation int not null unique,
  public_jwk jsonb not null,
  sealed_private bytea not null,
  master_key_id text not null,
  created_at timestamptz not null,
  sign_from timestamptz not null,
  publish_until timestamptz
);
`
}
