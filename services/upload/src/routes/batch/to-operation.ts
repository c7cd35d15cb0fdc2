import type { OperationInit } from '../../domain/commit.ts'
import { parseMtime } from '../../domain/fields.ts'
import type { BatchOperation, BatchPut } from './operations.ts'

/** A put's content as storage sealed it. */
export interface PutContentRef {
  readonly versionId: string
  readonly manifestId: Uint8Array
  readonly size: number
}

const rev = (name: 'baseRev' | 'observedSeq', value: number | undefined) =>
  value === undefined ? {} : { [name]: BigInt(value) }

export const mtimeOf = ({ mtime }: BatchPut, now: number): number =>
  parseMtime(mtime === undefined ? undefined : String(mtime)) ?? now

/** What an operation means when it does not say. */
export interface Defaults {
  readonly rootId: string
  readonly now: number
}

export const putOperation = (put: BatchPut, content: PutContentRef, { rootId, now }: Defaults): OperationInit => ({
  opId: put.opId,
  kind: {
    case: 'putFile',
    value: {
      nodeId: put.nodeId ?? '',
      parentId: put.nodeId === undefined ? (put.parentId ?? rootId) : '',
      name: put.name ?? '',
      versionId: content.versionId,
      manifestId: content.manifestId,
      size: BigInt(content.size),
      mtimeMs: BigInt(mtimeOf(put, now)),
      onConflict: put.onConflict ?? 'version',
      ...rev('baseRev', put.baseRev)
    }
  }
})

export const treeOperation = (operation: Exclude<BatchOperation, BatchPut>, { rootId }: Defaults): OperationInit => {
  const { opId } = operation
  switch (operation.op) {
    case 'mkdir':
      return {
        opId,
        kind: {
          case: 'makeFolder',
          value: { parentId: operation.parentId ?? rootId, name: operation.name, exclusive: false }
        }
      }
    case 'move':
      return {
        opId,
        kind: {
          case: 'move',
          value: {
            nodeId: operation.nodeId,
            parentId: operation.parentId ?? '',
            name: operation.name ?? '',
            onConflict: operation.onConflict ?? 'fail',
            ...rev('baseRev', operation.baseRev)
          }
        }
      }
    case 'trash':
      return {
        opId,
        kind: {
          case: 'trash',
          value: {
            nodeId: operation.nodeId,
            ...rev('baseRev', operation.baseRev),
            ...rev('observedSeq', operation.observedSeq)
          }
        }
      }
  }
}
