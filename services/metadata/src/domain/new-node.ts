import type { ValidName } from '@cairn/names'
import type { OperationContext } from './context.ts'
import type { NodeKind, TreeNode } from './node.ts'

interface Birth {
  readonly id: string
  readonly parentId: string
  readonly name: ValidName
  readonly kind: NodeKind
}

/** A live node with nothing in it, before record() gives it its place in the journal. */
export const newNode = (context: OperationContext, birth: Birth): TreeNode => ({
  id: birth.id,
  parentId: birth.parentId,
  name: birth.name.text,
  nameFold: birth.name.fold,
  kind: birth.kind,
  state: 'live',
  versionId: null,
  size: 0,
  mtime: context.at,
  contentRev: 1,
  metaRev: 1,
  seq: 0,
  treeSize: 0,
  treeRev: 0,
  treeHeight: 0,
  createdAt: context.at,
  modifiedAt: context.at,
  trashedAt: null,
  trashedPath: null
})
