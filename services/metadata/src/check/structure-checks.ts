import { sql } from 'kysely'
import { MAX_DEPTH } from '../domain/node.ts'
import type { TreeCheck } from './finding.ts'

/** Who is whose parent. */
export const structureChecks: readonly TreeCheck[] = [
  {
    code: 'drive_without_root',
    query: (vaultId) => sql`
      select d.drive_id as subject, 'its root is missing or is not a live folder without parent' as message
      from metadata.drive d left join metadata.node n on n.vault_id = d.vault_id and n.node_id = d.root_id
        and n.drive_id = d.drive_id and n.parent_id is null and n.kind = 'folder' and n.state = 'live'
      where d.vault_id = ${vaultId} and n.node_id is null`
  },
  {
    code: 'stray_root',
    query: (vaultId) => sql`
      select n.node_id as subject, 'it has no parent and is no root of its drive' as message
      from metadata.node n left join metadata.drive d
        on d.vault_id = n.vault_id and d.drive_id = n.drive_id and d.root_id = n.node_id
      where n.vault_id = ${vaultId} and n.parent_id is null and d.drive_id is null`
  },
  {
    code: 'orphan',
    query: (vaultId) => sql`
      select n.node_id as subject, 'its parent ' || n.parent_id || ' does not exist' as message
      from metadata.node n left join metadata.node p on p.vault_id = n.vault_id and p.node_id = n.parent_id
      where n.vault_id = ${vaultId} and n.state = 'live' and n.parent_id is not null and p.node_id is null`
  },
  {
    code: 'parent_not_folder',
    query: (vaultId) => sql`
      select n.node_id as subject, 'its parent ' || p.node_id || ' is a file' as message
      from metadata.node n join metadata.node p on p.vault_id = n.vault_id and p.node_id = n.parent_id
      where n.vault_id = ${vaultId} and n.state = 'live' and p.kind <> 'folder'`
  },
  {
    code: 'parent_in_other_drive',
    query: (vaultId) => sql`
      select n.node_id as subject, 'its parent ' || p.node_id || ' is in another drive' as message
      from metadata.node n join metadata.node p on p.vault_id = n.vault_id and p.node_id = n.parent_id
      where n.vault_id = ${vaultId} and p.drive_id <> n.drive_id`
  },
  {
    // Everything live hangs, by parents, from a root, from something not live, or from a reported orphan.
    code: 'unreachable',
    query: (vaultId) => sql`
      with recursive hanging as (
        select n.node_id from metadata.node n
        left join metadata.node p on p.vault_id = n.vault_id and p.node_id = n.parent_id
        where n.vault_id = ${vaultId} and (n.state <> 'live' or p.node_id is null)
        union all
        select n.node_id from hanging join metadata.node n
          on n.vault_id = ${vaultId} and n.parent_id = hanging.node_id and n.state = 'live'
      )
      select n.node_id as subject, 'its ancestors form a circle' as message from metadata.node n
      where n.vault_id = ${vaultId} and not exists (select from hanging where hanging.node_id = n.node_id)`
  },
  {
    code: 'too_deep',
    query: (vaultId) => sql`
      with recursive below as (
        select n.node_id, 0 as level from metadata.node n
        where n.vault_id = ${vaultId} and n.parent_id is null and n.state = 'live'
        union all
        select n.node_id, below.level + 1 from below join metadata.node n
          on n.vault_id = ${vaultId} and n.parent_id = below.node_id and n.state = 'live'
      )
      select node_id as subject, 'it is ' || level || ' levels deep' as message from below where level > ${MAX_DEPTH}`
  },
  {
    code: 'duplicate_name',
    query: (vaultId) => sql`
      select max(n.node_id::text) as subject, count(*) || ' live nodes share a name in ' || n.parent_id as message
      from metadata.node n where n.vault_id = ${vaultId} and n.state = 'live' and n.parent_id is not null
      group by n.parent_id, n.name_fold having count(*) > 1`
  }
]
