import type { RawEntities } from '../merge/build-entities.ts'
import { type Entity, survives } from '../merge/entity.ts'
import { parentPath } from '../trees/local-tree.ts'
import type { DeleteLocal, TrashRemote } from './actions.ts'

export interface Deletions {
  readonly remote: readonly TrashRemote[]
  readonly local: readonly DeleteLocal[]
  /** Files that go, also those inside folders. */
  readonly remoteFiles: number
  readonly localFiles: number
}

/**
 * A folder goes only when nothing that survives is still in it: what moves out moves first, and the
 * folder follows in the next round.
 */
export const planDeletions = (raw: RawEntities, pathNow: (entity: Entity) => string): Deletions => {
  const occupied = occupiedFolders(raw)
  const goes = (entity: Entity | undefined): boolean =>
    entity !== undefined && entity.fate === 'delete-remote' && !occupied.remote.has(entity)
  const remote: TrashRemote[] = []
  const local: DeleteLocal[] = []
  let [remoteFiles, localFiles] = [0, 0]
  for (const entity of raw.list) {
    const { remote: node, local: entry, fate, kind, key } = entity
    if (fate === 'delete-remote' && node !== undefined) {
      if (kind === 'file') remoteFiles += 1
      if (goes(entity) && !goes(raw.byId.get(node.parentId ?? ''))) remote.push({ kind: 'trash-remote', node })
    }
    if (fate === 'delete-local' && entry !== undefined) {
      // What leaves because it is excluded is no deletion.
      if (kind === 'file' && node === undefined) localFiles += 1
      if (!occupied.local.has(entity)) local.push({ kind: 'delete-local', id: key, entry, path: pathNow(entity) })
    }
  }
  local.sort((a, b) => depth(b.path) - depth(a.path) || (a.path < b.path ? -1 : 1))
  return { remote, local, remoteFiles, localFiles }
}

const depth = (path: string): number => path.split('/').length

const occupiedFolders = (raw: RawEntities) => {
  const remote = new Set<Entity>()
  const local = new Set<Entity>()
  for (const entity of raw.list) {
    if (!survives(entity)) continue
    for (let id = entity.remote?.parentId; id; ) {
      const folder = raw.byId.get(id)
      if (folder === undefined || remote.has(folder)) break
      remote.add(folder)
      id = folder.remote?.parentId
    }
    for (let path = entity.local?.path ?? ''; path !== ''; ) {
      path = parentPath(path)
      const folder = raw.byPath.get(path)
      if (folder !== undefined) local.add(folder)
    }
  }
  return { remote, local }
}
