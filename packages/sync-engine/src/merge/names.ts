import { foldName } from '@cairn/names'
import { conflictName } from '../names/conflict-name.ts'
import { baseName, parentPath } from '../trees/local-tree.ts'
import type { RawEntities } from './build-entities.ts'
import { localNameFor } from './decide.ts'
import { type Entity, survives } from './entity.ts'
import type { PlanOptions } from './plan-input.ts'

/** Of several that want one name in a folder, what the server has there keeps it; the others are suffixed. */
export const giveNames = (raw: RawEntities, options: PlanOptions): void => {
  const names = new TakenNames(raw)
  for (const [folder, children] of childrenOf(raw)) {
    const byFold = new Map<string, Entity[]>()
    for (const child of children) {
      const fold = foldName(child.name)
      byFold.set(fold, [...(byFold.get(fold) ?? []), child])
    }
    for (const [fold, rivals] of byFold) {
      if (rivals.length === 1) continue
      const [first, ...others] = rivals.sort(
        (a, b) => rank(folder, a) - rank(folder, b) || (keyOf(a) < keyOf(b) ? -1 : 1)
      )
      for (const loser of others) {
        if (loser.fate === 'stay') continue
        const label =
          first?.name === loser.name ? `conflicted copy, ${options.device}, ${options.day}` : 'case conflict'
        loser.name = conflictName(loser.name, label, (candidate) => names.has(folder, candidate))
        loser.localName = localNameFor(loser, options.osName)
        loser.suffixed = true
        names.add(folder, foldName(loser.name))
      }
      names.add(folder, fold)
    }
  }
}

/** What the server has at this name, then what holds still, then renames, then new things. */
const rank = (folder: Entity, entity: Entity): number => {
  const { remote } = entity
  if (remote === undefined) return entity.fate === 'stay' ? 1 : 3
  return remote.parentId === folder.remote?.id && foldName(remote.name) === foldName(entity.name) ? 0 : 2
}

const keyOf = (entity: Entity): string => entity.local?.path ?? entity.key

const childrenOf = (raw: RawEntities): ReadonlyMap<Entity, Entity[]> => {
  const children = new Map<Entity, Entity[]>()
  for (const entity of raw.list) {
    if (!survives(entity) || entity.parent === undefined) continue
    const siblings = children.get(entity.parent)
    if (siblings === undefined) children.set(entity.parent, [entity])
    else siblings.push(entity)
  }
  return children
}

/** Every name that is, or will be, in a folder on either side: a suffixed name must meet none of them. */
class TakenNames {
  readonly #taken = new Map<string, Set<string>>()

  constructor(raw: RawEntities) {
    for (const entity of raw.list) {
      const { remote, local, parent } = entity
      if (survives(entity) && parent !== undefined) this.#add(`entity ${parent.key}`, foldName(entity.name))
      if (remote !== undefined) this.#add(`remote ${remote.parentId}`, foldName(remote.name))
      if (local !== undefined) this.#add(`local ${parentPath(local.path)}`, foldName(baseName(local.path)))
    }
    for (const { path } of raw.others) this.#add(`local ${parentPath(path)}`, foldName(baseName(path)))
  }

  has(folder: Entity, fold: string): boolean {
    const places = [`entity ${folder.key}`, `remote ${folder.remote?.id}`, `local ${localPathOf(folder)}`]
    return places.some((place) => this.#taken.get(place)?.has(fold) === true)
  }

  add(folder: Entity, fold: string): void {
    this.#add(`entity ${folder.key}`, fold)
  }

  #add(place: string, fold: string): void {
    const names = this.#taken.get(place)
    if (names === undefined) this.#taken.set(place, new Set([fold]))
    else names.add(fold)
  }
}

const localPathOf = (folder: Entity): string | undefined => (folder.parent === undefined ? '' : folder.local?.path)
