import { baseName, type LocalState } from '../trees/local-tree.ts'
import type { RemoteNode } from '../trees/remote-tree.ts'
import type { SyncedNode } from '../trees/synced-node.ts'

/** A row that states that both sides are the same. */
export const rowOf = (
  node: RemoteNode,
  path: string,
  state: LocalState & { readonly content: string | undefined }
): SyncedNode => ({
  id: node.id,
  parentId: node.parentId ?? '',
  name: node.name,
  localName: baseName(path),
  kind: node.kind,
  versionId: node.versionId,
  contentRev: node.contentRev,
  metaRev: node.metaRev,
  fileId: state.fileId,
  size: state.size,
  mtimeNs: state.mtimeNs,
  content: state.content
})

/** As before, in another place; says nothing new about the content. */
export const movedRow = (row: SyncedNode, node: RemoteNode, localName: string): SyncedNode => ({
  ...row,
  parentId: node.parentId ?? '',
  name: node.name,
  metaRev: node.metaRev,
  localName
})

/** With another content; says nothing new about the place. */
export const storedRow = (
  row: SyncedNode,
  node: RemoteNode,
  state: LocalState & { readonly content: string }
): SyncedNode => ({
  ...row,
  versionId: node.versionId,
  contentRev: node.contentRev,
  fileId: state.fileId,
  size: state.size,
  mtimeNs: state.mtimeNs,
  content: state.content
})
