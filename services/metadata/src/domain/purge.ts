import type { OperationContext } from './context.ts'
import { checkExpectation } from './live-node.ts'
import type { PurgeAction } from './operation.ts'
import { applied, type Outcome, refused } from './outcome.ts'
import { record } from './record.ts'

/** Only from the trash. Rows, versions and quota follow in the purge job. */
export const purge = (context: OperationContext, action: PurgeAction): Outcome => {
  const node = context.set.node(action.nodeId)
  if (node === null || node.state !== 'trashed') return refused('not_found', 'It is not in the trash')
  const stale = checkExpectation(node, action.expect)
  if (stale !== undefined) return stale
  return applied(record(context, { ...node, state: 'purging', metaRev: node.metaRev + 1 }, node))
}
