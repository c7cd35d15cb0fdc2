import { foldName } from '@cairn/names'
import { buildEntities, type RawEntities } from '../merge/build-entities.ts'
import { type ContentComparer, createContentComparer } from '../merge/compare-content.ts'
import { decideEach } from '../merge/decide.ts'
import { type Entity, survives } from '../merge/entity.ts'
import { giveNames } from '../merge/names.ts'
import type { PlanInput } from '../merge/plan-input.ts'
import { settle } from '../merge/survive.ts'
import { isParkedName } from '../names/parked-name.ts'
import { baseName, type LocalFileOrFolder, parentPath, sameState } from '../trees/local-tree.ts'
import type { RemoteNode } from '../trees/remote-tree.ts'
import type { Action, Plan, Problem, RemoteRef } from './actions.ts'
import { holdBack } from './brake.ts'
import { planDeletions } from './deletions.ts'
import { orderSteps, type Step } from './order-steps.ts'
import { FOREIGN, Side } from './side.ts'

/**
 * What to do so that remote and local become equal. Pure: the same trees give the same plan. Carried
 * out and repeated with fresh trees it ends in an empty plan.
 */
export const plan = (input: PlanInput): Plan => {
  const raw = buildEntities(input)
  const contents = createContentComparer(input.known)
  const problems = [...decideEach(input, raw, contents), ...problemsOf(raw)]
  settle(raw)
  leaveEmptyOnes(raw)
  giveNames(raw, input.options)
  const planning: Planning = { input, raw, contents, problems, actions: [], busy: new Set() }
  planRows(planning)
  const local = planLocalStructure(planning)
  const remote = planRemoteStructure(planning)
  planTransfers(planning, { local, remote })
  planAgreements(planning)
  const deletions = planDeletions(raw, (entity) => local.path(entity))
  return holdBack({ ...planning, deletions, learn: contents.wanted })
}

export interface Planning {
  readonly input: PlanInput
  readonly raw: RawEntities
  readonly contents: ContentComparer
  readonly problems: Problem[]
  readonly actions: Action[]
  /** Entities with something to do in this round. */
  readonly busy: Set<Entity>
}

const problemsOf = ({ others }: RawEntities): Problem[] =>
  others
    .filter(({ reason }) => reason !== 'ignored')
    .map(({ path, kind, reason }) => ({
      code: kind === 'other' ? 'not_synced' : 'unreadable',
      path,
      detail: reason ?? 'it cannot be read'
    }))

/** New folders that hold nothing but what is not synced are of no interest to others. */
const leaveEmptyOnes = (raw: RawEntities): void => {
  const used = new Set<Entity>()
  for (const entity of raw.list) if (survives(entity) && entity.parent !== undefined) used.add(entity.parent)
  const holdsSkipped = new Set(raw.list.filter(({ fate }) => fate === 'skip').map(({ parent }) => parent))
  for (const entity of [...raw.list].reverse()) {
    const { kind, remote, local } = entity
    if (kind !== 'folder' || remote !== undefined || local === undefined || used.has(entity)) continue
    if (survives(entity) && (local.hasIgnored === true || holdsSkipped.has(entity))) entity.fate = 'skip'
  }
}

const planRows = ({ raw, actions, input, busy }: Planning): void => {
  for (const entity of raw.list) {
    const dropped = entity.fate === 'forget' || entity.unlinked
    if (dropped && input.synced.has(entity.key)) actions.push({ kind: 'forget', id: entity.key })
    if (!entity.restores) continue
    actions.push({ kind: 'restore-remote', id: entity.key })
    busy.add(entity)
  }
}

const planLocalStructure = ({ raw, actions, busy, problems }: Planning): Side => {
  const side = new Side(raw.root, (name) => name)
  for (const { path } of raw.others) {
    const folder = raw.byPath.get(parentPath(path))
    if (folder !== undefined) side.block(folder, baseName(path))
  }
  for (const [path, entity] of raw.byPath) {
    const folder = raw.byPath.get(parentPath(path))
    if (folder !== undefined && entity !== raw.root) side.put(entity, folder, baseName(path))
  }
  const steps: Step[] = []
  for (const entity of raw.list) {
    const { parent, localName, local, kind } = entity
    if (entity.fate !== 'keep' || parent === undefined) continue
    if (local === undefined ? kind === 'folder' : !side.isAt(entity, parent, localName)) {
      steps.push({ entity, parent, name: localName })
      busy.add(entity)
    }
  }
  orderSteps(side, raw.root, steps, ({ entity, parent, name, parking }) => {
    const { local, remote } = entity
    const to = parent === raw.root ? name : `${side.path(parent)}/${name}`
    if (local === undefined) {
      if (remote !== undefined) actions.push({ kind: 'make-local', node: remote, path: to })
      return
    }
    const node = entity.mover ? undefined : remote
    actions.push({
      kind: 'move-local',
      node,
      entry: local,
      from: side.path(entity),
      to,
      parking,
      conflict: entity.suffixed
    })
  })
  reportOccupied(side, steps, problems)
  return side
}

const reportOccupied = (side: Side, steps: readonly Step[], problems: Problem[]): void => {
  for (const { entity, parent, name } of steps) {
    if (side.isAt(entity, parent, name) || side.occupant(parent, name) !== FOREIGN) continue
    problems.push({
      code: 'name_occupied',
      path: `${side.path(parent)}/${name}`,
      detail: 'something that is not synced has this name'
    })
  }
}

const planRemoteStructure = ({ raw, actions, busy }: Planning): Side => {
  const side = new Side(raw.root, foldName)
  for (const entity of raw.list) {
    const { remote } = entity
    const folder = remote === undefined ? undefined : raw.byId.get(remote.parentId ?? '')
    if (remote !== undefined && folder !== undefined) side.put(entity, folder, remote.name)
  }
  const steps: Step[] = []
  for (const entity of raw.list) {
    const { parent, name, remote, local, kind } = entity
    // What was renamed here because of a conflict goes to the server when the rename is done.
    if (entity.fate !== 'keep' || parent === undefined || local === undefined || busy.has(entity)) continue
    if (remote === undefined ? kind === 'folder' : entity.mover) steps.push({ entity, parent, name })
    else continue
    busy.add(entity)
  }
  orderSteps(side, raw.root, steps, ({ entity, parent, name, parking }) => {
    const { remote: node, local: entry } = entity
    if (entry === undefined) return
    const ref = refOf(parent)
    if (node === undefined) actions.push({ kind: 'make-remote', entry, parent: ref, name })
    else actions.push({ kind: 'move-remote', node, parent: ref, name, parking, localName: baseName(entry.path) })
  })
  return side
}

const refOf = (folder: Entity): RemoteRef =>
  folder.remote !== undefined ? { id: folder.remote.id } : { madeFrom: folder.local?.path ?? '' }

interface Sides {
  readonly local: Side
  readonly remote: Side
}

const planTransfers = ({ raw, actions, busy, problems }: Planning, sides: Sides): void => {
  for (const entity of raw.list) {
    const { parent, kind, remote, local, content } = entity
    if (entity.fate !== 'keep' || kind !== 'file' || parent === undefined) continue
    if (remote !== undefined && local === undefined) {
      busy.add(entity)
      const occupant = sides.local.has(parent) ? sides.local.occupant(parent, entity.localName) : 'no folder yet'
      const path = `${sides.local.path(parent)}/${entity.localName}`.replace(/^\//, '')
      if (occupant === FOREIGN) {
        problems.push({ code: 'name_occupied', path, detail: 'something that is not synced has this name' })
      }
      if (occupant === undefined) actions.push({ kind: 'download', node: remote, path, replaces: undefined })
    } else if (remote === undefined && local !== undefined && !busy.has(entity)) {
      busy.add(entity)
      const free = sides.remote.has(parent) && sides.remote.occupant(parent, entity.name) === undefined
      const target = { parent: refOf(parent), name: entity.name }
      if (free) actions.push({ kind: 'upload', path: sides.local.path(entity), entry: local, target })
    } else if (remote !== undefined && local !== undefined && content !== 'none') {
      busy.add(entity)
      const path = sides.local.path(entity)
      if (content === 'download') actions.push({ kind: 'download', node: remote, path, replaces: local })
      else actions.push({ kind: 'upload', path, entry: local, target: { node: remote, baseRev: remote.contentRev } })
    }
  }
}

/** Where nothing is left to do the row says so. */
const planAgreements = ({ raw, actions, busy, input }: Planning): void => {
  for (const entity of raw.list) {
    const { remote, local, parent } = entity
    if (
      entity.fate !== 'keep' ||
      busy.has(entity) ||
      remote === undefined ||
      local === undefined ||
      parent === undefined
    )
      continue
    const synced = input.synced.get(remote.id)
    const current = synced !== undefined && !entity.unlinked && isCurrent(synced, remote, local)
    if (current || isParkedName(baseName(local.path))) continue
    const content = remote.kind === 'folder' ? undefined : contentOf(input, { remote, local })
    actions.push({ kind: 'agree', node: remote, entry: local, content })
  }
}

type SyncedRow = NonNullable<ReturnType<PlanInput['synced']['get']>>

const isCurrent = (synced: SyncedRow, remote: RemoteNode, local: LocalFileOrFolder): boolean =>
  synced.parentId === remote.parentId &&
  synced.name === remote.name &&
  synced.versionId === remote.versionId &&
  synced.metaRev === remote.metaRev &&
  synced.contentRev === remote.contentRev &&
  synced.localName === baseName(local.path) &&
  (remote.kind === 'folder'
    ? synced.fileId === local.fileId
    : sameState(synced, local) && synced.fileId === local.fileId)

const contentOf = (
  { known, synced }: PlanInput,
  { remote, local }: { readonly remote: RemoteNode; readonly local: LocalFileOrFolder }
): string | undefined => {
  const row = synced.get(remote.id)
  const fromRow = row !== undefined && row.versionId === remote.versionId ? row.content : undefined
  return fromRow ?? (remote.versionId === null ? undefined : known.version(remote.versionId)) ?? known.local(local)
}
