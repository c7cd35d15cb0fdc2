import type { Entity } from '../merge/entity.ts'
import { parkedName } from '../names/parked-name.ts'
import { FOREIGN, type Side } from './side.ts'

/** A node that is to be made or moved on one side. */
export interface Step {
  readonly entity: Entity
  readonly parent: Entity
  readonly name: string
}

export interface OrderedStep extends Step {
  readonly parking: boolean
}

/**
 * An order in which every target folder is there and every target name is free when its turn comes.
 * Circles are broken by parking one member in the top folder. Steps whose place is held by something
 * that does not move are left out: what is deleted in this round frees it for the next.
 */
export const orderSteps = (
  side: Side,
  root: Entity,
  steps: readonly Step[],
  emit: (step: OrderedStep) => void
): void => {
  let pending: Step[] = [...steps]
  const run = (step: OrderedStep): void => {
    emit(step)
    side.put(step.entity, step.parent, step.name)
  }
  while (pending.length > 0) {
    const before = pending.length
    pending = pending.filter((step) => {
      if (blocker(side, pending, step) !== undefined) return true
      run({ ...step, parking: false })
      return false
    })
    if (pending.length < before) continue
    const entity = memberOfCircle(side, pending)
    if (entity === undefined) return
    run({ entity, parent: root, name: parkedName(entity.key), parking: true })
  }
}

type Blocker = Step | 'other'

/** What must happen first. */
const blocker = (side: Side, pending: readonly Step[], { entity, parent, name }: Step): Blocker | undefined => {
  const stepOf = (wanted: Entity): Blocker => pending.find((step) => step.entity === wanted) ?? 'other'
  if (!side.has(parent)) return stepOf(parent)
  const between: Entity[] = [parent]
  for (const folder of side.above(parent)) {
    if (folder === entity) return between.map(stepOf).find((found) => found !== 'other') ?? 'other'
    between.push(folder)
  }
  if (parent === entity) return 'other'
  const occupant = side.occupant(parent, name)
  if (occupant === undefined || occupant === entity) return undefined
  return occupant === FOREIGN ? 'other' : stepOf(occupant)
}

const memberOfCircle = (side: Side, pending: readonly Step[]): Entity | undefined => {
  for (const start of pending) {
    const seen: Step[] = []
    for (let at: Blocker | undefined = start; at !== undefined && at !== 'other'; at = blocker(side, pending, at)) {
      const first = seen.indexOf(at)
      // Only what is there can be put aside.
      if (first >= 0) {
        const member = seen.slice(first).find(({ entity }) => side.has(entity))
        if (member !== undefined) return member.entity
        break
      }
      seen.push(at)
    }
  }
  return undefined
}
