import { sql } from 'kysely'
import type { TreeCheck } from './finding.ts'

/** Versions, their fates, and the quota they use. */
export const contentChecks: readonly TreeCheck[] = [
  {
    code: 'file_without_version',
    query: (vaultId) => sql`
      select n.node_id as subject, 'its current version is missing, is of another node or of another size' as message
      from metadata.node n left join metadata.version v on v.vault_id = n.vault_id and v.version_id = n.version_id
        and v.node_id = n.node_id and v.size = n.size
      where n.vault_id = ${vaultId} and n.kind = 'file' and v.version_id is null`
  },
  {
    code: 'folder_with_content',
    query: (vaultId) => sql`
      select n.node_id as subject, 'a folder has a version or a size' as message
      from metadata.node n where n.vault_id = ${vaultId} and n.kind = 'folder'
        and (n.version_id is not null or n.size <> 0)`
  },
  {
    code: 'version_without_node',
    query: (vaultId) => sql`
      select v.version_id as subject, 'its node ' || v.node_id || ' does not exist' as message
      from metadata.version v left join metadata.node n on n.vault_id = v.vault_id and n.node_id = v.node_id
      where v.vault_id = ${vaultId} and n.node_id is null`
  },
  {
    code: 'version_not_committed',
    query: (vaultId) => sql`
      select v.version_id as subject, 'its fate is ' || coalesce(f.fate, 'unknown') as message
      from metadata.version v left join metadata.version_fate f
        on f.vault_id = v.vault_id and f.version_id = v.version_id
      where v.vault_id = ${vaultId} and f.fate is distinct from 'committed'`
  },
  {
    code: 'quota_wrong',
    query: (vaultId) => sql`
      select ${vaultId}::text as subject,
        'used is ' || coalesce(q.used::text, 'unknown') || ', the versions sum up to ' || v.total as message
      from (select coalesce(sum(size), 0) as total from metadata.version where vault_id = ${vaultId}) v
      left join metadata.quota q on q.vault_id = ${vaultId} where coalesce(q.used, 0) <> v.total`
  }
]
