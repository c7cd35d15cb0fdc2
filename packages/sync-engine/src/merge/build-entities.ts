import type { LocalEntry, LocalFileOrFolder, LocalTree } from '../trees/local-tree.ts'
import { matchLocal } from '../trees/match-local.ts'
import type { RemoteNode } from '../trees/remote-tree.ts'
import type { SyncedNode } from '../trees/synced-node.ts'
import type { Entity } from './entity.ts'
import type { PlanInput } from './plan-input.ts'

/** Entities before anything is decided, parents before children on the remote and on the local side. */
export interface RawEntities {
  readonly root: Entity
  readonly list: Entity[]
  readonly byId: Map<string, Entity>
  readonly byPath: Map<string, Entity>
  /** Entries that are not synced, and what could not be looked into. */
  readonly others: readonly LocalEntry[]
}

/** One entity per node known to the remote or the synced tree, and per local entry that is neither. */
export const buildEntities = ({ remote, local, synced }: PlanInput): RawEntities => {
  const match = matchLocal(remote.rootId, synced, local)
  const root = entityOf({ key: remote.rootId, kind: 'folder' })
  root.fate = 'keep'
  root.remote = remote.get(remote.rootId)
  const raw: RawEntities = {
    root,
    list: [],
    byId: new Map([[remote.rootId, root]]),
    byPath: new Map([['', root]]),
    others: [...local.values()].filter((entry) => entry.kind === 'other' || entry.unreadable === true)
  }
  for (const node of remote.reachable()) add(raw, { remote: node, synced: synced.get(node.id) })
  for (const node of synced.values()) if (!raw.byId.has(node.id)) add(raw, { synced: node })
  for (const entry of topDown(local)) {
    if (entry.kind === 'other') continue
    const id = match.idAt.get(entry.path)
    const entity = id === undefined ? undefined : raw.byId.get(id)
    if (entity === undefined) add(raw, { local: entry as LocalFileOrFolder })
    else {
      entity.local = entry as LocalFileOrFolder
      raw.byPath.set(entry.path, entity)
    }
  }
  for (const id of match.unknown) {
    const entity = raw.byId.get(id)
    if (entity !== undefined) entity.fate = 'stay'
  }
  return raw
}

interface Sides {
  readonly remote?: RemoteNode
  readonly synced?: SyncedNode | undefined
  readonly local?: LocalFileOrFolder
}

const add = (raw: RawEntities, { remote, synced, local }: Sides): void => {
  const node = remote ?? synced
  const kind = node?.kind ?? local?.kind
  if (kind === undefined) return
  const entity = entityOf({ key: node?.id ?? `local:${local?.path ?? ''}`, kind })
  entity.remote = remote
  entity.synced = synced
  entity.local = local
  raw.list.push(entity)
  if (node !== undefined) raw.byId.set(node.id, entity)
  if (local !== undefined) raw.byPath.set(local.path, entity)
}

export const entityOf = ({ key, kind }: Pick<Entity, 'key' | 'kind'>): Entity => ({
  key,
  kind,
  remote: undefined,
  local: undefined,
  synced: undefined,
  fate: 'keep',
  content: 'none',
  parent: undefined,
  name: '',
  localName: '',
  mover: false,
  suffixed: false,
  unlinked: false,
  restores: false
})

const topDown = (local: LocalTree): readonly LocalEntry[] =>
  [...local.values()].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
