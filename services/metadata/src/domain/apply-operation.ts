import type { OperationContext } from './context.ts'
import { makeFolder } from './make-folder.ts'
import { move } from './move.ts'
import { type Outcome, refused } from './outcome.ts'
import { purge } from './purge.ts'
import { putFile } from './put-file.ts'
import { restore } from './restore.ts'
import { trash } from './trash.ts'

const carryOut = (context: OperationContext): Outcome => {
  const { action } = context.operation
  switch (action.kind) {
    case 'make-folder':
      return makeFolder(context, action)
    case 'put-file':
      return putFile(context, action)
    case 'move':
      return move(context, action)
    case 'trash':
      return trash(context, action)
    case 'restore':
      return restore(context, action)
    case 'purge':
      return purge(context, action)
  }
}

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, index) => byte === b[index])

/** Applies one operation once: a repeat answers with what the first one did. */
export const applyOperation = (context: OperationContext): Outcome => {
  const { set, actor, operation, at } = context
  if (actor.role === 'viewer') return refused('forbidden', 'You may only look at this drive')
  const stored = set.storedResult(actor.userId, operation.opId)
  if (stored !== undefined) {
    return sameBytes(stored.requestHash, operation.requestHash)
      ? stored.outcome
      : refused('idempotency_mismatch', 'This operation id was used for another request')
  }
  const outcome = carryOut(context)
  if (outcome.applied) {
    const { requestHash, opId } = operation
    set.remember({ userId: actor.userId, opId, requestHash, outcome, at })
  }
  return outcome
}
