import { applyOperation } from './apply-operation.ts'
import { anyNeeds, Missing, type Needs, noNeeds } from './needs.ts'
import type { NodeRef, TreeRequest, Unit } from './operation.ts'
import { type Outcome, refused } from './outcome.ts'
import type { WorkingSet } from './working-set.ts'

const OP_REF = 'op:'

/**
 * Applies requests to a working set, in order. `run` goes as far as what is loaded allows: it
 * answers undefined when everything is applied, else what must be learned before running again.
 */
export class Application {
  readonly #set: WorkingSet
  readonly #steps: readonly Step[]
  readonly #outcomes: Outcome[][]
  /** Nodes that applied operations made or changed, per request, for "op:" references. */
  readonly #made: Map<string, string>[]
  #next = 0

  constructor(set: WorkingSet, requests: readonly TreeRequest[]) {
    this.#set = set
    this.#steps = requests.flatMap((request, index) =>
      request.units.map((unit, position) => ({ request, index, unit, first: position === 0 }))
    )
    this.#outcomes = requests.map(() => [])
    this.#made = requests.map(() => new Map())
  }

  run(): Needs | undefined {
    const needs = noNeeds()
    let stuck: { readonly step: number; readonly savepoint: number } | undefined
    for (let index = this.#next; index < this.#steps.length; index += 1) {
      const savepoint = this.#set.undo.savepoint()
      const step = this.#steps[index]
      if (step !== undefined) this.#applyStep(step, needs)
      // Go on after the first miss only to learn what else is missing; all that is taken back.
      if (anyNeeds(needs)) stuck ??= { step: index, savepoint }
    }
    if (stuck === undefined) {
      this.#next = this.#steps.length
      return undefined
    }
    this.#set.undo.rollback(stuck.savepoint)
    this.#next = stuck.step
    return needs
  }

  /** One list per request, one outcome per operation. Complete once run() has answered undefined. */
  outcomes(): readonly (readonly Outcome[])[] {
    return this.#outcomes
  }

  #applyStep(step: Step, needs: Needs): void {
    if (step.first) this.#set.beginRequest()
    const savepoint = this.#set.undo.savepoint()
    const outcomes = step.unit.operations.map((_, index) => this.#applyOne(step, index, needs))
    const failed = step.unit.atomic ? outcomes.findIndex((outcome) => !outcome.applied) : -1
    if (failed >= 0) this.#set.undo.rollback(savepoint)
    const list = this.#outcomes[step.index]
    for (const outcome of outcomes) {
      const abandoned = failed >= 0 && outcome.applied
      const result = abandoned ? refused('conflict', 'Another operation of the same request was refused') : outcome
      if (list !== undefined) this.#set.undo.push(list, result)
    }
  }

  #applyOne(step: Step, index: number, needs: Needs): Outcome {
    const operation = step.unit.operations[index]
    if (operation === undefined) return refused('internal', 'No such operation')
    const made = this.#made[step.index]
    const resolve = (ref: NodeRef) => (ref.startsWith(OP_REF) ? made?.get(ref.slice(OP_REF.length)) : ref)
    const { actor, at } = step.request
    try {
      const outcome = applyOperation({ set: this.#set, actor, at, operation, resolve })
      if (outcome.applied && made !== undefined) this.#set.undo.set(made, operation.opId, outcome.view.node.id)
      return outcome
    } catch (error) {
      if (!(error instanceof Missing)) throw error
      error.report(needs)
      return refused('unavailable', 'Not loaded')
    }
  }
}

interface Step {
  readonly request: TreeRequest
  readonly index: number
  readonly unit: Unit
  readonly first: boolean
}
