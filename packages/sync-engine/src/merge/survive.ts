import type { RawEntities } from './build-entities.ts'
import { takeBack } from './decide.ts'
import { type Entity, survives } from './entity.ts'

/**
 * Nothing survives without its folders. A folder that one side deleted comes back for what the other
 * side put or changed in it, but not for what was merely moved there: such moves are taken back, and
 * so are local moves that would make a circle together with remote ones.
 */
export const settle = (raw: RawEntities): void => {
  for (let changed = true; changed; ) {
    changed = false
    for (const entity of raw.list) if (survives(entity) && !entity.mover) changed = revive(entity) || changed
    for (const entity of raw.list) {
      if (!survives(entity) || !entity.mover) continue
      if (entity.parent !== undefined && entity.parent.fate !== 'skip' && survives(entity.parent)) continue
      takeBack(raw, entity)
      changed = true
    }
    for (const entity of raw.list) {
      if (!entity.mover || !isOnCircle(entity)) continue
      takeBack(raw, entity)
      changed = true
    }
  }
  dropBelowSkipped(raw)
}

const revive = (entity: Entity): boolean => {
  let changed = false
  const seen = new Set<Entity>()
  for (let folder = entity.parent; folder !== undefined && !seen.has(folder); folder = folder.parent) {
    seen.add(folder)
    if (survives(folder) || folder.fate === 'skip') continue
    // Known on one side only from now on: made again on the other. With a remote one it is merely excluded.
    if (folder.fate === 'delete-local' && folder.remote === undefined) folder.unlinked = true
    folder.fate = folder.fate === 'delete-local' && folder.remote !== undefined ? 'stay' : 'keep'
    changed = true
    if (folder.mover) return true
  }
  return changed
}

const isOnCircle = (entity: Entity): boolean => {
  const seen = new Set<Entity>()
  for (let folder = entity.parent; folder !== undefined && !seen.has(folder); folder = folder.parent) {
    if (folder === entity) return true
    seen.add(folder)
  }
  return false
}

const dropBelowSkipped = (raw: RawEntities): void => {
  const skipped = (entity: Entity): boolean => {
    for (let at: Entity | undefined = entity; at !== undefined; at = at.parent) if (at.fate === 'skip') return true
    return false
  }
  for (const entity of raw.list) if (survives(entity) && skipped(entity)) entity.fate = 'skip'
}
