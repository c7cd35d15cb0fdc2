import { type Outcome, type Refused, refused } from '../domain/outcome.ts'

/** Operations of the tree in one transaction, and nodes of a folder copied in one piece. */
export const MAX_UNIT = 1000

export interface Submitted {
  /** One per operation, in order. */
  readonly outcomes: readonly Outcome[]
  readonly headSeq: number
}

/** Of an operation that was taken back because another of its atomic request was refused. */
export const TAKEN_BACK: Refused = refused('conflict', 'Another operation of the same request was refused')

/** The result of an operation that was carried out as several: the one at fault, else the first. */
export const summary = (outcomes: readonly Outcome[]): Outcome => {
  const refusals = outcomes.filter((outcome) => !outcome.applied)
  const fault = refusals.find((outcome) => outcome.message !== TAKEN_BACK.message) ?? refusals[0]
  return fault ?? outcomes[0] ?? refused('internal', 'Nothing was done')
}
