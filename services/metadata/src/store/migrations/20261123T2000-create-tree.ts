import type { Migration } from '@cairn/database'

/** Times are milliseconds since the epoch: clients may declare any mtime that an integer holds. */
export const createTree: Migration = {
  name: '20261123T2000-create-tree',
  sql: `
    create table metadata.drive_member (
      user_id uuid not null,
      drive_id uuid not null,
      vault_id uuid not null,
      role text not null check (role in ('owner', 'editor', 'viewer')),
      personal boolean not null default false,
      joined_ms bigint not null,
      primary key (user_id, drive_id)
    );
    create unique index drive_member_personal on metadata.drive_member (user_id) where personal;

    create table metadata.drive (
      vault_id uuid not null,
      drive_id uuid not null,
      name text not null,
      kind text not null check (kind in ('personal', 'shared')),
      root_id uuid not null,
      head_seq bigint not null default 0,
      floor_seq bigint not null default 0,
      journal_id uuid not null,
      created_ms bigint not null,
      primary key (vault_id, drive_id)
    ) with (fillfactor = 50);

    create table metadata.node (
      vault_id uuid not null,
      node_id uuid not null,
      drive_id uuid not null,
      parent_id uuid,
      name text not null,
      name_fold text collate "C" not null,
      kind text not null check (kind in ('file', 'folder')),
      state text not null check (state in ('live', 'trashed', 'purging')),
      version_id uuid,
      size bigint not null,
      mtime_ms bigint not null,
      content_rev bigint not null,
      meta_rev bigint not null,
      seq bigint not null,
      tree_size bigint not null,
      tree_rev bigint not null,
      tree_height int not null,
      created_ms bigint not null,
      modified_ms bigint not null,
      trashed_ms bigint,
      trashed_path text,
      primary key (vault_id, node_id)
    ) with (fillfactor = 90);
    create unique index node_live_name on metadata.node (vault_id, parent_id, name_fold) where state = 'live';
    create index node_trash on metadata.node (vault_id, drive_id, trashed_ms desc, node_id) where state = 'trashed';
    create index node_trashed on metadata.node (trashed_ms) where state = 'trashed';
    create index node_purging on metadata.node (vault_id, node_id) where state = 'purging';

    create table metadata.version (
      vault_id uuid not null,
      version_id uuid not null,
      node_id uuid not null,
      manifest_id bytea not null,
      size bigint not null,
      mtime_ms bigint not null,
      user_id uuid not null,
      device_id text not null,
      created_seq bigint not null,
      created_ms bigint not null,
      primary key (vault_id, version_id)
    );
    create index version_of_node on metadata.version (vault_id, node_id, created_seq desc);
    create index version_age on metadata.version (created_ms);

    -- Whoever inserts first decides for ever: a commit or the fence of storage's reconciler.
    create table metadata.version_fate (
      vault_id uuid not null,
      version_id uuid not null,
      fate text not null check (fate in ('committed', 'abandoned')),
      at_ms bigint not null,
      primary key (vault_id, version_id)
    );

    create table metadata.journal (
      vault_id uuid not null,
      drive_id uuid not null,
      seq bigint not null,
      op text not null,
      node_id uuid not null,
      parent_id uuid,
      name text not null,
      kind text not null,
      state text not null,
      version_id uuid,
      size bigint not null,
      mtime_ms bigint not null,
      content_rev bigint not null,
      meta_rev bigint not null,
      actor_id uuid not null,
      device_id text not null,
      op_id uuid not null,
      at_ms bigint not null,
      primary key (vault_id, drive_id, seq)
    );

    create table metadata.op_result (
      vault_id uuid not null,
      drive_id uuid not null,
      user_id uuid not null,
      op_id uuid not null,
      request_hash bytea not null,
      result jsonb not null,
      at_ms bigint not null,
      primary key (vault_id, drive_id, user_id, op_id)
    );
    create index op_result_age on metadata.op_result (at_ms);

    -- byte_limit: null = the configured default, 0 = unlimited.
    create table metadata.quota (
      vault_id uuid not null primary key,
      used bigint not null default 0 check (used >= 0),
      byte_limit bigint
    ) with (fillfactor = 50);

    create table metadata.job_lease (
      name text not null primary key,
      holder uuid not null,
      until_ms bigint not null
    );
  `
}
