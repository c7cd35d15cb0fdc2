import { sql } from 'kysely'
import type { TreeCheck } from './finding.ts'

/** What is derived: sums over the tree, and the journal. */
export const stampChecks: readonly TreeCheck[] = [
  {
    code: 'tree_size_wrong',
    query: (vaultId) => sql`
      select n.node_id as subject, 'tree_size is ' || n.tree_size || ', its content sums up to ' || s.total as message
      from metadata.node n cross join lateral (
        select case n.kind when 'file' then n.size else (
          select coalesce(sum(c.tree_size), 0) from metadata.node c
          where c.vault_id = ${vaultId} and c.parent_id = n.node_id and c.state = 'live'
        ) end as total
      ) s
      where n.vault_id = ${vaultId} and n.state <> 'purging' and n.tree_size <> s.total`
  },
  {
    code: 'tree_rev_behind',
    query: (vaultId) => sql`
      select p.node_id as subject, 'tree_rev ' || p.tree_rev || ' is behind ' || max(n.tree_rev) as message
      from metadata.node n join metadata.node p on p.vault_id = n.vault_id and p.node_id = n.parent_id
      where n.vault_id = ${vaultId} and n.state = 'live' and n.tree_rev > p.tree_rev group by p.node_id, p.tree_rev
      union all
      select n.node_id, 'tree_rev ' || n.tree_rev || ' is behind its own ' || n.seq from metadata.node n
      where n.vault_id = ${vaultId} and n.tree_rev < n.seq`
  },
  {
    code: 'tree_height_low',
    query: (vaultId) => sql`
      select p.node_id as subject, 'tree_height ' || p.tree_height || ' is below ' || max(n.tree_height) + 1 as message
      from metadata.node n join metadata.node p on p.vault_id = n.vault_id and p.node_id = n.parent_id
      where n.vault_id = ${vaultId} and n.state = 'live' and p.tree_height < n.tree_height + 1
      group by p.node_id, p.tree_height`
  },
  {
    code: 'journal_gap',
    query: (vaultId) => sql`
      select d.drive_id as subject, 'the journal has ' || j.entries || ' entries up to ' || j.last
        || ', expected all of ' || d.floor_seq + 1 || ' to ' || d.head_seq as message
      from metadata.drive d cross join lateral (
        select count(*) as entries, coalesce(max(seq), d.floor_seq) as last from metadata.journal
        where vault_id = ${vaultId} and drive_id = d.drive_id and seq > d.floor_seq
      ) j
      where d.vault_id = ${vaultId} and (j.entries <> d.head_seq - d.floor_seq or j.last <> d.head_seq)`
  },
  {
    code: 'journal_mismatch',
    query: (vaultId) => sql`
      select n.node_id as subject, 'its row differs from its newest journal entry' as message
      from metadata.node n
      join metadata.drive d on d.vault_id = n.vault_id and d.drive_id = n.drive_id and n.node_id <> d.root_id
      left join (
        select distinct on (node_id) * from metadata.journal where vault_id = ${vaultId} order by node_id, seq desc
      ) j on j.node_id = n.node_id and j.drive_id = n.drive_id
      where n.vault_id = ${vaultId} and n.seq > d.floor_seq and (
        j.seq is null or (j.seq, j.name, j.kind, j.size, j.content_rev, j.meta_rev)
          is distinct from (n.seq, n.name, n.kind, n.size, n.content_rev, n.meta_rev)
        or j.parent_id is distinct from n.parent_id or j.version_id is distinct from n.version_id
        -- What hangs below a purged folder becomes purging without an entry of its own.
        or (j.state <> n.state and n.state <> 'purging')
      )`
  }
]
