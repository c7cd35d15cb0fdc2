import type { Metrics } from '@cairn/runtime'
import type { CommittedBatch } from './commit/unit-of-work.ts'
import type { TreeRequest } from './domain/operation.ts'

type Run = () => Promise<CommittedBatch | undefined>

/** Counts what a commit did and how long it took. */
export type ObserveCommit = (requests: readonly TreeRequest[], run: Run) => Promise<CommittedBatch | undefined>

const BATCH_BUCKETS = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000]
const SECONDS_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5]

export const createCommitObserver = (metrics: Metrics): ObserveCommit => {
  const operations = metrics.counter({
    name: 'cairn_metadata_operations_total',
    help: 'Operations of the tree by what was asked for and what came of it',
    labelNames: ['operation', 'result']
  })
  const batch = metrics.histogram({
    name: 'cairn_metadata_commit_operations',
    help: 'Operations that shared a transaction',
    buckets: BATCH_BUCKETS
  })
  const duration = metrics.histogram({
    name: 'cairn_metadata_commit_duration_seconds',
    help: 'Transactions of the tree, from taking the requests to the commit',
    buckets: SECONDS_BUCKETS
  })
  return async (requests, run) => {
    const startedAt = performance.now()
    const committed = await run()
    duration.observe((performance.now() - startedAt) / 1000)
    const asked = requests.map(({ units }) => units.flatMap((unit) => unit.operations))
    batch.observe(asked.reduce((sum, list) => sum + list.length, 0))
    for (const [index, list] of asked.entries()) {
      for (const [position, { journalOp }] of list.entries()) {
        const outcome = committed?.outcomes[index]?.[position]
        operations.inc({ operation: journalOp, result: outcome?.applied === false ? outcome.code : 'applied' })
      }
    }
    return committed
  }
}
