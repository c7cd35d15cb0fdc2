import type { MetadataContext } from '../context.ts'
import type { TreeNode } from '../domain/node.ts'
import type { Actor, NodeRef, TreeOperation } from '../domain/operation.ts'
import type { DriveKey } from '../store/database.ts'
import { findStoredResults } from '../store/stored-results.ts'
import type { ApiOperationOf } from './api-operation.ts'
import { copyOperations, partOpId } from './copy-tree.ts'
import { hashOperation } from './hash-operation.ts'
import { MAX_UNIT, type Submitted, summary } from './submitted.ts'

export interface LargeCopy {
  readonly actor: Actor
  readonly operation: ApiOperationOf<'copy'>
  /** Parents first, the source itself at the front. */
  readonly nodes: readonly TreeNode[]
}

/**
 * Copies more nodes than one transaction takes, part by part. Every part remembers what it did, and the
 * copy's own op id is remembered last: whoever repeats it goes on where it stopped.
 */
export const submitLargeCopy = async (context: MetadataContext, key: DriveKey, copy: LargeCopy): Promise<Submitted> => {
  /** Source node id → its copy's id. */
  const copies = new Map<string, string>()
  for (let start = 0; start < copy.nodes.length; start += MAX_UNIT) {
    const failed = await copyPart(context, key, { copy, copies, nodes: copy.nodes.slice(start, start + MAX_UNIT) })
    if (failed !== undefined) return failed
  }
  return await submitUnit(context, key, { actor: copy.actor, operations: [completion(copy, copies)] })
}

interface Part {
  readonly copy: LargeCopy
  readonly copies: Map<string, string>
  readonly nodes: readonly TreeNode[]
}

/** Undefined when the part is done. */
const copyPart = async (context: MetadataContext, key: DriveKey, part: Part): Promise<Submitted | undefined> => {
  const { copies } = part
  const { actor, operation } = part.copy
  const opIdOf = (node: TreeNode): string => partOpId(operation, node)
  const opIds = part.nodes.map(opIdOf)
  const done = await findStoredResults(context.database.query, key, { userId: actor.userId, opIds })
  const nodes: TreeNode[] = []
  for (const node of part.nodes) {
    const copied = done.get(opIdOf(node))
    if (copied === undefined) nodes.push(node)
    else copies.set(node.id, copied)
  }
  if (nodes.length === 0) return undefined

  const parentOf = (node: TreeNode): NodeRef => {
    if (node.id === operation.nodeId || node.parentId === null) return operation.parent
    return copies.get(node.parentId) ?? `op:${partOpId(operation, { id: node.parentId })}`
  }
  const operations = await copyOperations(context, key, { operation, nodes, opIdOf, parentOf })
  const submitted = await submitUnit(context, key, { actor, operations })
  for (const [index, outcome] of submitted.outcomes.entries()) {
    const node = nodes[index]
    if (outcome.applied && node !== undefined) copies.set(node.id, outcome.view.node.id)
  }
  const result = summary(submitted.outcomes)
  return result.applied ? undefined : { outcomes: [result], headSeq: submitted.headSeq }
}

const submitUnit = async (
  context: MetadataContext,
  key: DriveKey,
  unit: { readonly actor: Actor; readonly operations: readonly TreeOperation[] }
): Promise<Submitted> => {
  const { actor, operations } = unit
  return await context.committer.submit(key, {
    actor,
    at: context.clock.now(),
    units: [{ atomic: true, operations }]
  })
}

/** A move to nowhere: changes nothing, answers with the copied folder, and remembers the copy's op id. */
const completion = (copy: LargeCopy, copies: ReadonlyMap<string, string>): TreeOperation => ({
  opId: copy.operation.opId,
  requestHash: hashOperation(copy.operation),
  journalOp: 'copy',
  action: {
    kind: 'move',
    nodeId: copies.get(copy.operation.nodeId) ?? copy.operation.nodeId,
    onConflict: 'fail',
    expect: {}
  }
})
