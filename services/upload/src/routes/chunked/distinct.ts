import { CairnError } from '@cairn/contracts'
import { badRequest } from '../../errors.ts'
import { MAX_OPERATIONS } from '../shapes.ts'

export const assertFew = (count: number): void => {
  if (count <= MAX_OPERATIONS) return
  throw new CairnError('payload_too_large', `A request has at most ${MAX_OPERATIONS} operations.`)
}

/** One request carries at most 500 operations, each under an id of its own. */
export const assertDistinct = (operations: readonly { readonly opId: string }[]): void => {
  assertFew(operations.length)
  if (new Set(operations.map(({ opId }) => opId)).size !== operations.length) {
    throw badRequest('An operation id occurs twice.')
  }
}
