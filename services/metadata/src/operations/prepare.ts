import { CairnError } from '@cairn/contracts'
import type { MetadataContext } from '../context.ts'
import type { TreeNode } from '../domain/node.ts'
import type { Unit } from '../domain/operation.ts'
import type { Refused } from '../domain/outcome.ts'
import { asRefused } from '../errors.ts'
import type { DriveKey } from '../store/database.ts'
import type { ApiOperation, ApiOperationOf } from './api-operation.ts'
import { copyOperations, partOpId, readCopySource } from './copy-tree.ts'
import { simpleUnit } from './expand.ts'
import { hashOperation } from './hash-operation.ts'
import { prepareRestoreVersion } from './restore-version.ts'
import { MAX_UNIT } from './submitted.ts'

export type Prepared = { readonly ok: true; readonly unit: Unit } | { readonly ok: false; readonly refusal: Refused }

/** What the domain will apply for an operation, with the content it needs; or why there is nothing to apply. */
export const prepare = async (context: MetadataContext, key: DriveKey, operation: ApiOperation): Promise<Prepared> => {
  try {
    return { ok: true, unit: await toUnit(context, key, operation) }
  } catch (error) {
    return { ok: false, refusal: asRefused(error) }
  }
}

/**
 * Stands for an operation that is answered before its action is looked at: from the stored result, as a
 * mismatch, or as forbidden.
 */
export const bareUnit = (operation: ApiOperation): Unit => ({
  atomic: false,
  operations: [
    {
      opId: operation.opId,
      requestHash: hashOperation(operation),
      journalOp: 'purge',
      action: { kind: 'purge', nodeId: operation.opId, expect: {} }
    }
  ]
})

const toUnit = async (context: MetadataContext, key: DriveKey, operation: ApiOperation): Promise<Unit> => {
  switch (operation.kind) {
    case 'copy':
      return smallCopy(context, key, { operation, nodes: await readCopySource(context, key, operation) })
    case 'restore-version':
      return prepareRestoreVersion(context, key, operation)
    default:
      return simpleUnit(operation, () => context.random.uuid())
  }
}

/** A copy that fits one transaction: all or nothing. */
const smallCopy = async (
  context: MetadataContext,
  key: DriveKey,
  copy: { readonly operation: ApiOperationOf<'copy'>; readonly nodes: readonly TreeNode[] }
): Promise<Unit> => {
  const { operation, nodes } = copy
  if (nodes.length > MAX_UNIT) {
    throw new CairnError(
      'payload_too_large',
      `Copy a folder with more than ${MAX_UNIT} entries in a request of its own`
    )
  }
  const opIdOf = ({ id }: { readonly id: string }): string =>
    id === operation.nodeId ? operation.opId : partOpId(operation, { id })
  const parentOf = (node: TreeNode): string =>
    node.id === operation.nodeId || node.parentId === null ? operation.parent : `op:${opIdOf({ id: node.parentId })}`
  return { atomic: true, operations: await copyOperations(context, key, { operation, nodes, opIdOf, parentOf }) }
}
