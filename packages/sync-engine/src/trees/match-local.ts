import { parkedKey } from '../names/parked-name.ts'
import { baseName, joinPath, type LocalTree } from './local-tree.ts'
import type { SyncedNode, SyncedTree } from './synced-node.ts'

/** Which synced node each local entry is. */
export interface LocalMatch {
  readonly pathOf: ReadonlyMap<string, string>
  readonly idAt: ReadonlyMap<string, string>
  /** Nodes about which the scan says nothing: below what could not be read, or replaced by what is not synced. */
  readonly unknown: ReadonlySet<string>
}

/** By file id first, so that renames are seen; what is left by its name in the matched folder. */
export const matchLocal = (rootId: string, synced: SyncedTree, local: LocalTree): LocalMatch => {
  const pathOf = new Map([[rootId, '']])
  const idAt = new Map([['', rootId]])
  const unknown = new Set<string>()
  const byFileId = uniqueFileIds(local)
  const claim = (id: string, path: string): void => {
    pathOf.set(id, path)
    idAt.set(path, id)
  }
  for (const { path, parked, kind } of local.values()) {
    const id = parked === true ? parkedKey(baseName(path)) : undefined
    if (id !== undefined && synced.get(id)?.kind === kind) claim(id, path)
  }
  for (const node of synced.values()) {
    if (pathOf.has(node.id)) continue
    const path = node.fileId === undefined ? undefined : byFileId.get(node.fileId)
    if (path !== undefined && local.get(path)?.kind === node.kind && !idAt.has(path)) claim(node.id, path)
  }
  const children = childrenOf(synced)
  const folders = [rootId]
  for (const folder of folders) {
    for (const node of children.get(folder) ?? []) {
      if (node.kind === 'folder') folders.push(node.id)
      if (pathOf.has(node.id)) continue
      if (unknown.has(folder)) {
        unknown.add(node.id)
        continue
      }
      const folderPath = pathOf.get(folder)
      if (folderPath === undefined) continue
      const path = joinPath(folderPath, node.localName)
      const entry = local.get(path)
      const unreadable = folderPath !== '' && local.get(folderPath)?.unreadable === true
      if (entry === undefined ? unreadable : entry.kind === 'other') unknown.add(node.id)
      else if (entry?.kind === node.kind && !idAt.has(path)) claim(node.id, path)
    }
  }
  return { pathOf, idAt, unknown }
}

/** Hard links share one: those are known by their path only. */
const uniqueFileIds = (local: LocalTree): ReadonlyMap<string, string> => {
  const paths = new Map<string, string>()
  const shared = new Set<string>()
  for (const { fileId, path } of local.values()) {
    if (fileId === undefined) continue
    if (paths.has(fileId)) shared.add(fileId)
    paths.set(fileId, path)
  }
  for (const fileId of shared) paths.delete(fileId)
  return paths
}

const childrenOf = (synced: SyncedTree): ReadonlyMap<string, readonly SyncedNode[]> => {
  const children = new Map<string, SyncedNode[]>()
  for (const node of synced.values()) {
    const siblings = children.get(node.parentId)
    if (siblings === undefined) children.set(node.parentId, [node])
    else siblings.push(node)
  }
  return children
}
