import type { Action, JournalOp, Unit } from '../domain/operation.ts'
import type { ApiOperation, ApiOperationOf } from './api-operation.ts'
import { hashOperation } from './hash-operation.ts'

type SimpleOperation = ApiOperationOf<'make-folder' | 'put-file' | 'move' | 'trash' | 'restore' | 'purge'>

/** One operation as the domain applies it; copies and restored versions need content first. */
export const simpleUnit = (operation: SimpleOperation, newId: () => string): Unit =>
  singleUnit(operation, operation.kind, toAction(operation, newId))

export const singleUnit = (operation: ApiOperation, journalOp: JournalOp, action: Action): Unit => ({
  atomic: false,
  operations: [{ opId: operation.opId, requestHash: hashOperation(operation), journalOp, action }]
})

const toAction = (operation: SimpleOperation, newId: () => string): Action => {
  switch (operation.kind) {
    case 'make-folder':
      return {
        kind: 'make-folder',
        newNodeId: newId(),
        parent: operation.parent,
        name: operation.name,
        onConflict: operation.exclusive ? 'fail' : 'merge'
      }
    case 'put-file': {
      const { versionId, manifestId, size, mtime } = operation
      return {
        kind: 'put-file',
        newNodeId: newId(),
        target: operation.target,
        content: { versionId, manifestId, size, mtime },
        onConflict: operation.onConflict,
        expect: operation.expect
      }
    }
    case 'move': {
      const { nodeId, parent, name, onConflict, expect } = operation
      return {
        kind: 'move',
        nodeId,
        onConflict,
        expect,
        ...(parent === undefined ? {} : { parent }),
        ...(name === undefined ? {} : { name })
      }
    }
    case 'trash': {
      const { nodeId, expect, observedSeq } = operation
      return { kind: 'trash', nodeId, expect, ...(observedSeq === undefined ? {} : { observedSeq }) }
    }
    case 'restore':
      return { kind: 'restore', nodeId: operation.nodeId }
    case 'purge':
      return { kind: 'purge', nodeId: operation.nodeId, expect: operation.expect }
  }
}
