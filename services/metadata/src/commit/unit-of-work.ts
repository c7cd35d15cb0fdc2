import { appendToOutbox } from '@cairn/database'
import { Application } from '../domain/apply.ts'
import type { TreeRequest } from '../domain/operation.ts'
import type { Outcome } from '../domain/outcome.ts'
import { planNeeds } from '../domain/plan-needs.ts'
import { type TreeChanges, WorkingSet } from '../domain/working-set.ts'
import { commitMessages } from '../events.ts'
import { type DriveKey, type MetadataDatabase, type MetadataTransaction, SCHEMA } from '../store/database.ts'
import { flush } from '../store/flush.ts'
import { loadDriveFacts } from '../store/load-drive-facts.ts'
import { loadTreeFacts } from '../store/load-tree-facts.ts'

export interface UnitOfWorkContext {
  readonly database: MetadataDatabase
  readonly newId: () => string
  readonly now: () => number
  /** Bytes; 0 = unlimited. */
  readonly defaultQuota: number
}

export interface CommittedBatch {
  /** Per request, one per operation. */
  readonly outcomes: readonly (readonly Outcome[])[]
  readonly headSeq: number
  /** False when nothing was written. */
  readonly changed: boolean
}

/** Ordinarily one or two; a request that walks down existing folders by reference takes one per level. */
const MAX_ROUNDS = 1000

/** Applies the requests of one drive in one transaction. Undefined when the drive does not exist. */
export const runUnitOfWork = (
  context: UnitOfWorkContext,
  key: DriveKey,
  requests: readonly TreeRequest[]
): Promise<CommittedBatch | undefined> => {
  const at = context.now()
  return context.database.transaction(async (tx) => {
    const { defaultQuota: defaultLimit } = context
    const [facts, tree] = await Promise.all([
      loadDriveFacts(tx, key, { requests, at, defaultLimit }),
      loadTreeFacts(tx, key, planNeeds(requests))
    ])
    if (facts === undefined) return undefined
    const set = new WorkingSet(facts)
    set.learn(tree)
    const application = new Application(set, requests)
    let rounds = 1
    for (let needs = application.run(); needs !== undefined; needs = application.run()) {
      rounds += 1
      if (rounds > MAX_ROUNDS) throw new Error('the working set never became complete')
      set.learn(await loadTreeFacts(tx, key, needs))
    }
    const changes = set.changes()
    const changed = changes.journal.length > 0
    await Promise.all([
      hasWork(changes) && flush(tx, key, { changes, defaultLimit }),
      changed && announce(tx, key, { changes, newId: context.newId })
    ])
    return { outcomes: application.outcomes(), headSeq: changes.headSeq, changed }
  })
}

const hasWork = (changes: TreeChanges): boolean =>
  changes.journal.length + changes.results.length + changes.unusedVersionIds.length > 0

const announce = (
  tx: MetadataTransaction,
  key: DriveKey,
  { changes, newId }: { readonly changes: TreeChanges; readonly newId: () => string }
): Promise<void> => appendToOutbox(tx, SCHEMA, commitMessages(key, changes, newId))
