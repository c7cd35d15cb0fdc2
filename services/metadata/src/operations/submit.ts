import { CairnError } from '@cairn/contracts'
import type { MetadataContext } from '../context.ts'
import type { Actor, Unit } from '../domain/operation.ts'
import type { DriveKey } from '../store/database.ts'
import { findStoredResults } from '../store/stored-results.ts'
import type { ApiOperation } from './api-operation.ts'
import { readCopySource } from './copy-tree.ts'
import { type LargeCopy, submitLargeCopy } from './large-copy.ts'
import { bareUnit, type Prepared, prepare } from './prepare.ts'
import { MAX_UNIT, type Submitted, summary, TAKEN_BACK } from './submitted.ts'

export interface Submission {
  readonly actor: Actor
  readonly operations: readonly ApiOperation[]
  /** Apply all or none. */
  readonly atomic: boolean
}

/** Applies operations to one drive: what they need from storage first, then everything in one transaction. */
export const submit = async (context: MetadataContext, key: DriveKey, submission: Submission): Promise<Submitted> => {
  const { actor, operations, atomic } = submission
  const done = await findStoredResults(context.database.query, key, {
    userId: actor.userId,
    opIds: operations.filter(needsStorage).map(({ opId }) => opId)
  })
  const mayWrite = actor.role !== 'viewer'
  const large = mayWrite && done.size === 0 ? await findLargeCopy(context, key, operations) : undefined
  if (large !== undefined) return await submitLargeCopy(context, key, { actor, ...large })
  const prepared: Prepared[] = []
  for (const operation of operations) {
    // Storage is asked only for what will be judged: not for what was applied already, or is not allowed.
    const skip = needsStorage(operation) && (done.has(operation.opId) || !mayWrite)
    prepared.push(skip ? { ok: true, unit: bareUnit(operation) } : await prepare(context, key, operation))
  }
  return await commitPrepared(context, key, { actor, atomic, prepared })
}

const needsStorage = ({ kind }: ApiOperation): boolean => kind === 'copy' || kind === 'restore-version'

/** A copy of more than one transaction takes; only when it is asked for alone. */
const findLargeCopy = async (
  context: MetadataContext,
  key: DriveKey,
  operations: readonly ApiOperation[]
): Promise<Omit<LargeCopy, 'actor'> | undefined> => {
  const [operation] = operations
  if (operation?.kind !== 'copy' || operations.length > 1) return undefined
  try {
    const nodes = await readCopySource(context, key, operation)
    return nodes.length > MAX_UNIT ? { operation, nodes } : undefined
  } catch (error) {
    // Refused where every operation is prepared, as the result of this one.
    if (error instanceof CairnError) return undefined
    throw error
  }
}

interface PreparedBatch {
  readonly actor: Actor
  readonly atomic: boolean
  readonly prepared: readonly Prepared[]
}

const commitPrepared = async (
  context: MetadataContext,
  key: DriveKey,
  { actor, atomic, prepared }: PreparedBatch
): Promise<Submitted> => {
  const blocked = atomic && prepared.some((one) => !one.ok)
  const units = blocked ? [] : prepared.flatMap((one) => (one.ok ? [one.unit] : []))
  const total = units.reduce((sum, unit) => sum + unit.operations.length, 0)
  if (total > MAX_UNIT) throw new CairnError('payload_too_large', `A request takes at most ${MAX_UNIT} operations`)
  const { outcomes, headSeq } = await context.committer.submit(key, {
    actor,
    at: context.clock.now(),
    units: atomic ? [mergeUnits(units)] : units
  })
  let next = 0
  const results = prepared.map((one) => {
    if (!one.ok) return one.refusal
    if (blocked) return TAKEN_BACK
    const own = outcomes.slice(next, next + one.unit.operations.length)
    next += own.length
    return summary(own)
  })
  return { outcomes: results, headSeq }
}

const mergeUnits = (units: readonly Unit[]): Unit => ({
  atomic: true,
  operations: units.flatMap((unit) => unit.operations)
})
