import { type RawBuilder, sql } from 'kysely'
import type { TreeFacts } from '../domain/facts.ts'
import { childKey, type Needs } from '../domain/needs.ts'
import type { TreeNode } from '../domain/node.ts'
import type { DriveKey, MetadataTransaction } from './database.ts'
import { type NodeRow, nodeColumns, toNode } from './node-row.ts'

/** Answers a Needs with a constant number of queries, whatever its size. */
export const loadTreeFacts = async (tx: MetadataTransaction, key: DriveKey, needs: Needs): Promise<TreeFacts> => {
  const nodes = await loadNodes(tx, key, needs)
  const families = needs.families.size === 0 ? [] : await loadFamilies(tx, key, needs)
  const heights = needs.heights.size === 0 ? new Map<string, number>() : await loadHeights(tx, key, needs)

  const loaded = new Set(nodes.map(({ id }) => id))
  const live = new Map<string, string>()
  for (const node of nodes) {
    if (node.state === 'live' && node.parentId !== null) live.set(childKey(node.parentId, node.nameFold), node.id)
  }
  const children = [...needs.children].map(([wanted, child]) => ({ ...child, nodeId: live.get(wanted) ?? null }))
  return {
    nodes,
    absentNodeIds: [...needs.nodeIds].filter((id) => !loaded.has(id)),
    children: [...children, ...families],
    families: [...needs.families.values()],
    heights
  }
}

/**
 * The nodes, the wanted children, and all ancestors of both: one recursive query. Every row is looked up by
 * its own index probe (a lateral with a limit is never flattened into a join): on a vault that has grown
 * since statistics were taken, the planner would rather scan it whole.
 */
const loadNodes = async (tx: MetadataTransaction, key: DriveKey, needs: Needs): Promise<TreeNode[]> => {
  // Each branch costs planning time, so only those that are needed.
  const seeds: RawBuilder<unknown>[] = []
  if (needs.nodeIds.size > 0) seeds.push(namedNodes(key, [...needs.nodeIds]))
  if (needs.children.size > 0) seeds.push(wantedChildren(key, [...needs.children.values()]))
  if (seeds.length === 0) return []
  const { rows } = await sql<NodeRow>`
    with recursive chain as (
      (${sql.join(seeds, sql` union `)})
      union
      select ${nodeColumns('parent')} from chain cross join lateral (
        select * from metadata.node n
        where n.vault_id = ${key.vaultId} and n.node_id = chain.parent_id and n.drive_id = ${key.driveId} limit 1
      ) parent
    )
    select * from chain
  `.execute(tx)
  return rows.map(toNode)
}

const namedNodes = (key: DriveKey, nodeIds: readonly string[]): RawBuilder<unknown> => sql`
  select ${nodeColumns('named')} from unnest(${nodeIds}::uuid[]) as wanted (node_id) cross join lateral (
    select * from metadata.node n
    where n.vault_id = ${key.vaultId} and n.node_id = wanted.node_id and n.drive_id = ${key.driveId} limit 1
  ) named`

const wantedChildren = (
  key: DriveKey,
  wanted: readonly { readonly parentId: string; readonly fold: string }[]
): RawBuilder<unknown> => sql`
  select ${nodeColumns('child')}
  from unnest(${wanted.map((child) => child.parentId)}::uuid[], ${wanted.map((child) => child.fold)}::text[])
    as wanted (parent_id, fold)
  cross join lateral (
    select * from metadata.node n
    where n.vault_id = ${key.vaultId} and n.parent_id = wanted.parent_id and n.name_fold = wanted.fold collate "C"
      and n.state = 'live' and n.drive_id = ${key.driveId} limit 1
  ) child`

const loadFamilies = async (tx: MetadataTransaction, key: DriveKey, needs: Needs): Promise<TreeFacts['children']> => {
  const wanted = [...needs.families.values()]
  const { rows } = await sql<{ parent_id: string; name_fold: string; node_id: string }>`
    select child.parent_id, child.name_fold, child.node_id
    from unnest(${wanted.map((family) => family.parentId)}::uuid[], ${wanted.map((family) => family.prefix)}::text[])
      as family (parent_id, prefix)
    cross join lateral (
      select * from metadata.node n
      where n.vault_id = ${key.vaultId} and n.parent_id = family.parent_id and n.state = 'live'
        and n.name_fold >= family.prefix collate "C" and starts_with(n.name_fold, family.prefix)
        -- The prefix ends with "(" and ")" comes right after it: an upper bound for the index scan.
        and n.name_fold < (left(family.prefix, -1) || ')') collate "C"
      offset 0
    ) child
  `.execute(tx)
  return rows.map((row) => ({ parentId: row.parent_id, fold: row.name_fold, nodeId: row.node_id }))
}

const loadHeights = async (tx: MetadataTransaction, key: DriveKey, needs: Needs): Promise<Map<string, number>> => {
  const { rows } = await sql<{ origin: string; height: number }>`
    with recursive below as (
      select n.node_id as origin, n.node_id, 0 as level from metadata.node n
      where n.vault_id = ${key.vaultId} and n.node_id = any(${[...needs.heights]}::uuid[])
      union all
      select below.origin, n.node_id, below.level + 1 from below
      join metadata.node n on n.vault_id = ${key.vaultId} and n.parent_id = below.node_id and n.state = 'live'
      where below.level < 200
    )
    select origin, max(level)::int as height from below group by origin
  `.execute(tx)
  return new Map(rows.map((row) => [row.origin, row.height]))
}
