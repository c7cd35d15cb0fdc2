import type { Learn } from '../plan/actions.ts'
import { type LocalFileOrFolder, sameState } from '../trees/local-tree.ts'
import type { RemoteNode } from '../trees/remote-tree.ts'
import type { SyncedNode } from '../trees/synced-node.ts'
import type { Knowledge } from './knowledge.ts'

/** `lost`: emptied by a crash of the system, not by its user. */
export type LocalChange = 'same' | 'edited' | 'lost' | 'unknown'

/** Compares contents as far as they are known, and collects what would have to be known. */
export interface ContentComparer {
  readonly wanted: readonly Learn[]
  sinceSynced(synced: SyncedNode, entry: LocalFileOrFolder): LocalChange
  withRemote(entry: LocalFileOrFolder, node: RemoteNode): 'same' | 'different' | 'unknown'
}

export const createContentComparer = (known: Knowledge): ContentComparer => {
  const wanted: Learn[] = []
  const localContent = (entry: LocalFileOrFolder): string | undefined => {
    const content = entry.size === 0 ? EMPTY : known.local(entry)
    if (content === undefined) wanted.push({ kind: 'local', entry })
    return content
  }
  const versionContent = (node: RemoteNode): string | undefined => {
    if (node.size === 0 || node.versionId === null) return EMPTY
    const content = known.version(node.versionId)
    if (content === undefined) wanted.push({ kind: 'version', nodeId: node.id, versionId: node.versionId })
    return content
  }
  return {
    wanted,
    sinceSynced: (synced, entry) => {
      if (sameState(synced, entry)) return 'same'
      if (entry.size === 0 && synced.size > 0 && entry.mtimeNs === synced.mtimeNs) return 'lost'
      if (entry.size !== synced.size) return 'edited'
      if (entry.size === 0) return 'same'
      const content = localContent(entry)
      if (content === undefined) return 'unknown'
      return content === synced.content ? 'same' : 'edited'
    },
    withRemote: (entry, node) => {
      if (entry.size !== node.size) return 'different'
      const ours = localContent(entry)
      const theirs = versionContent(node)
      if (ours === undefined || theirs === undefined) return 'unknown'
      return ours === theirs ? 'same' : 'different'
    }
  }
}

/** Every empty content is the same, whatever else identifies contents. */
export const EMPTY = ''
