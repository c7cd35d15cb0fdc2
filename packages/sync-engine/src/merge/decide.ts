import { foldName, parseName } from '@cairn/names'
import { isParkedName } from '../names/parked-name.ts'
import { OWN_FOLDER } from '../names/reserved.ts'
import type { Problem } from '../plan/actions.ts'
import { parentPath } from '../trees/local-tree.ts'
import { entityOf, type RawEntities } from './build-entities.ts'
import type { ContentComparer } from './compare-content.ts'
import type { Entity } from './entity.ts'
import type { PlanInput } from './plan-input.ts'

/** What is decided per node: whether it exists, which content counts, and which side says where. */
export const decideEach = (input: PlanInput, raw: RawEntities, contents: ContentComparer): Problem[] => {
  const problems: Problem[] = []
  const excluded = excludedIds(input)
  for (const entity of [...raw.list]) {
    if (entity.remote !== undefined && excluded.has(entity.remote.id)) exclude(entity, contents, problems)
    else decideExistence(input, raw, { entity, contents })
  }
  linkEqual(raw, contents)
  for (const entity of raw.list) decidePlace(input, raw, entity)
  for (const entity of raw.list) refuseNames(raw, entity, problems)
  return problems
}

const excludedIds = ({ remote, options }: PlanInput): ReadonlySet<string> => {
  const ids = new Set(options.excluded)
  if (ids.size > 0) for (const node of remote.reachable()) if (ids.has(node.parentId ?? '')) ids.add(node.id)
  return ids
}

/** Stays away from this device: what is here leaves, unless it says something the server does not know. */
const exclude = (entity: Entity, contents: ContentComparer, problems: Problem[]): void => {
  const { local, synced } = entity
  if (local === undefined) entity.fate = synced === undefined ? 'skip' : 'forget'
  else if (entity.kind === 'folder' || (synced !== undefined && contents.sinceSynced(synced, local) === 'same')) {
    entity.fate = 'delete-local'
  } else {
    entity.fate = 'stay'
    problems.push({
      code: 'excluded',
      path: local.path,
      detail: 'changed here, in a folder that is not synced to this device'
    })
  }
}

interface Deciding {
  readonly entity: Entity
  readonly contents: ContentComparer
}

const decideExistence = (input: PlanInput, raw: RawEntities, { entity, contents }: Deciding): void => {
  const { remote, local, synced } = entity
  if (entity.fate === 'stay' || synced === undefined) return
  if (remote === undefined && local === undefined) entity.fate = 'forget'
  else if (local === undefined) {
    const edited = entity.kind === 'file' && remote?.versionId !== synced.versionId
    entity.fate = edited || wasMovedOut(raw, entity) ? 'keep' : 'delete-remote'
  } else if (remote === undefined) decideDeleted(input, entity, contents)
  else if (entity.kind === 'file') decideContent(raw, { entity, contents })
}

/** Somebody moved it out of a folder that was deleted here as a whole: the deletion did not mean it. */
const wasMovedOut = (raw: RawEntities, { remote, synced }: Entity): boolean =>
  remote !== undefined &&
  synced !== undefined &&
  remote.parentId !== synced.parentId &&
  synced.parentId !== raw.root.key &&
  raw.byId.get(synced.parentId)?.local === undefined

/** Gone from the server. */
const decideDeleted = ({ remote }: PlanInput, entity: Entity, contents: ContentComparer): void => {
  const { local, synced } = entity
  entity.fate = 'delete-local'
  if (entity.kind === 'folder' || local === undefined || synced === undefined) return
  const change = contents.sinceSynced(synced, local)
  if (change === 'unknown') entity.fate = 'stay'
  if (change !== 'edited') return
  entity.fate = 'keep'
  // In the trash itself: it comes back with its history. Below something else in the trash: a new file.
  if (remote.get(entity.key)?.state === 'trashed') {
    entity.fate = 'stay'
    entity.restores = true
  } else entity.unlinked = true
}

const decideContent = (raw: RawEntities, { entity, contents }: Deciding): void => {
  const { remote, local, synced } = entity
  if (remote === undefined || local === undefined || synced === undefined) return
  const here = contents.sinceSynced(synced, local)
  const there = remote.versionId !== synced.versionId
  if (here === 'unknown') entity.fate = 'stay'
  else if (here === 'lost' || (there && here === 'same')) entity.content = 'download'
  else if (here === 'edited' && !there) entity.content = 'upload'
  else if (here === 'edited') {
    const compared = contents.withRemote(local, remote)
    if (compared === 'unknown') entity.fate = 'stay'
    else if (compared === 'different') split(raw, entity)
  }
}

/** Two contents for one node: the remote one keeps it, the local one becomes a file of its own. */
const split = (raw: RawEntities, entity: Entity): void => {
  const { local } = entity
  if (local === undefined) return
  const copy = entityOf({ key: `local:${local.path}`, kind: 'file' })
  copy.local = local
  entity.local = undefined
  entity.synced = undefined
  entity.unlinked = true
  raw.list.push(copy)
  raw.byPath.set(local.path, copy)
}

/** New on both sides at the same place: folders are one, files are if their contents are. */
const linkEqual = (raw: RawEntities, contents: ContentComparer): void => {
  const remoteNew = new Map<string, Entity>()
  for (const entity of raw.list) {
    const { remote, local, synced } = entity
    if (remote === undefined || local !== undefined || synced !== undefined || entity.fate !== 'keep') continue
    remoteNew.set(slotOf(remote.parentId, remote.name), entity)
  }
  const linked = new Set<Entity>()
  for (const entity of localNewTopDown(raw)) {
    const { local } = entity
    if (local === undefined) continue
    const folder = raw.byPath.get(parentPath(local.path))?.remote
    const other = folder === undefined ? undefined : remoteNew.get(slotOf(folder.id, baseOf(local.path)))
    if (other?.remote === undefined || other.kind !== entity.kind || other.local !== undefined) continue
    const compared = entity.kind === 'folder' ? 'same' : contents.withRemote(local, other.remote)
    if (compared === 'unknown') {
      other.fate = 'stay'
      entity.fate = 'stay'
    } else if (compared === 'same') {
      other.local = local
      raw.byPath.set(local.path, other)
      linked.add(entity)
    }
  }
  if (linked.size > 0) raw.list.splice(0, raw.list.length, ...raw.list.filter((entity) => !linked.has(entity)))
}

const slotOf = (parentId: string | null, name: string): string => `${parentId}/${foldName(name)}`
const baseOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

const localNewTopDown = (raw: RawEntities): readonly Entity[] =>
  raw.list
    .filter(({ remote, synced, local, fate }) => !remote && !synced && local !== undefined && fate === 'keep')
    .sort((a, b) => ((a.local?.path ?? '') < (b.local?.path ?? '') ? -1 : 1))

const decidePlace = ({ options }: PlanInput, raw: RawEntities, entity: Entity): void => {
  const { remote, local, synced } = entity
  const localParent = local === undefined ? undefined : raw.byPath.get(parentPath(local.path))
  const typed = local === undefined ? '' : baseOf(local.path)
  const remoteMoved =
    remote !== undefined &&
    (synced === undefined || remote.parentId !== synced.parentId || remote.name !== synced.name) &&
    !isParkedName(remote.name)
  const localMoved =
    local !== undefined &&
    local.parked !== true &&
    synced !== undefined &&
    (localParent?.key !== synced.parentId || typed !== synced.localName)
  if (remote !== undefined && (!localMoved || remoteMoved)) {
    entity.parent = raw.byId.get(remote.parentId ?? '') ?? raw.root
    entity.name = remote.name
  } else if (local !== undefined && localParent !== undefined) {
    entity.parent = localParent
    entity.name = synced !== undefined && typed === synced.localName ? synced.name : typed.normalize('NFC')
    entity.mover = remote !== undefined
  } else {
    entity.parent = (synced === undefined ? undefined : raw.byId.get(synced.parentId)) ?? raw.root
    entity.name = synced?.name ?? entity.name
  }
  entity.localName = localNameFor(entity, options.osName)
}

/** A spelling that the user chose for the same name stays; on a system that spells in its own way, too. */
export const localNameFor = ({ local, name }: Entity, osName: (name: string) => string): string => {
  const typed = local === undefined ? undefined : baseOf(local.path)
  return typed !== undefined && typed.normalize('NFC') === name ? typed : osName(name)
}

/** What cannot have its name on the other side: new things are left alone, renames are taken back. */
const refuseNames = (raw: RawEntities, entity: Entity, problems: Problem[]): void => {
  if (entity.parent === raw.root && foldName(entity.name) === OWN_FOLDER) {
    problems.push({ code: 'reserved_name', path: entity.name, detail: `${OWN_FOLDER} belongs to the sync client` })
    entity.fate = 'skip'
    return
  }
  if (entity.local === undefined || (entity.remote !== undefined && !entity.mover)) return
  const parsed = parseName(entity.name)
  if (parsed.ok) return
  problems.push({ code: 'invalid_name', path: entity.local.path, detail: parsed.reason })
  if (entity.remote === undefined) entity.fate = 'skip'
  else takeBack(raw, entity)
}

/** The remote place after all. */
export const takeBack = (raw: Pick<RawEntities, 'byId' | 'root'>, entity: Entity): void => {
  const { remote } = entity
  if (remote === undefined) return
  entity.mover = false
  entity.parent = raw.byId.get(remote.parentId ?? '') ?? raw.root
  entity.name = remote.name
  entity.localName =
    entity.synced !== undefined && entity.synced.name === remote.name ? entity.synced.localName : remote.name
}
