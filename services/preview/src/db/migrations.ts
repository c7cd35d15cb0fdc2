import type { Migration } from '@cairn/database'

export const previewMigrations: readonly Migration[] = [
  {
    name: '20261125T0710-create-rendition',
    sql: `
      create table preview.rendition (
        vault_id uuid not null,
        rendition_id bytea not null,
        manifest_id bytea not null,
        object_key text,
        bytes integer not null,
        reason text,
        made_at timestamptz not null default now(),
        seen_at timestamptz not null default now(),
        primary key (vault_id, rendition_id),
        check ((object_key is null) <> (reason is null))
      );
      create index rendition_source on preview.rendition (vault_id, manifest_id);
      create index rendition_seen on preview.rendition (seen_at);
      create unique index rendition_object on preview.rendition (object_key) where object_key is not null;
      create table preview.shown (
        vault_id uuid not null,
        version_id uuid not null,
        manifest_id bytea not null,
        primary key (vault_id, version_id)
      );
      create index shown_source on preview.shown (vault_id, manifest_id);
    `
  }
]
