import type { PlanInput } from '../merge/plan-input.ts'
import type { Learn, Plan } from '../plan/actions.ts'
import { plan } from '../plan/plan.ts'
import type { Execution, Failure } from './ports.ts'
import { runPlan } from './run-plan.ts'

export interface SyncLoop {
  /** Looks at all sides again: changes are pulled, the folder is scanned. Options may change between rounds. */
  observe(): Promise<Observation>
  /** Finds out about contents; what cannot be found out stays unknown. Resolves to how many were. */
  learn(wanted: readonly Learn[]): Promise<number>
  execution(knownSeq: number): Execution
  /** Told of each plan before it is carried out. */
  onPlan?(plan: Plan): void
}

export interface Observation {
  readonly input: PlanInput
  /** Journal position up to which the remote tree is complete. */
  readonly knownSeq: number
}

export interface SyncOutcome {
  /** Nothing is left that could be done now. */
  readonly settled: boolean
  readonly plan: Plan
  readonly failures: readonly Failure[]
  readonly done: number
}

const MAX_ROUNDS = 100

/** Observes, plans and executes until nothing is left to do, or nothing moves any more. */
export const syncRounds = async (loop: SyncLoop): Promise<SyncOutcome> => {
  let done = 0
  let last: Plan | undefined
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const { input, knownSeq } = await loop.observe()
    const next = plan(input)
    last = next
    loop.onPlan?.(next)
    if (next.actions.length + next.learn.length === 0) return { settled: true, plan: next, failures: [], done }
    const report = await runPlan(loop.execution(knownSeq), next)
    const learnt = next.learn.length === 0 ? 0 : await loop.learn(next.learn)
    done += report.done
    if (report.done + learnt === 0) return { settled: false, plan: next, failures: report.failures, done }
  }
  return { settled: false, plan: last ?? { actions: [], learn: [], problems: [], held: undefined }, failures: [], done }
}
