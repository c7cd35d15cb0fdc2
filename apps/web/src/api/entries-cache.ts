import type { JournalEntry, Node } from '@cairn/client'
import type { QueryClient } from '@tanstack/react-query'
import type { Entries } from './files-queries.ts'

/** Puts a node as it is now where it belongs, and out of every other listing that is loaded. */
export const placeNode = (queries: QueryClient, node: Node): void => {
  placeNodes(queries, [node])
}

export const placeNodes = (queries: QueryClient, nodes: readonly Node[]): void => {
  if (nodes.length === 0) return
  const byId = new Map(nodes.map((node) => [node.id, node]))
  for (const [key, entries] of queries.getQueriesData<Entries>({ queryKey: ['entries'] })) {
    if (entries === undefined) continue
    const folder = key[2]
    const here = nodes.filter((node) => node.parentId === folder && node.state === 'live')
    const others = entries.items.filter((item) => !byId.has(item.id))
    if (here.length === 0 && others.length === entries.items.length) continue
    queries.setQueryData<Entries>(key, { ...entries, items: [...others, ...here] })
  }
  for (const node of nodes) {
    queries.setQueryData(['node', node.driveId, node.id], node)
    if (node.kind === 'folder') void queries.invalidateQueries({ queryKey: ['ancestors', node.driveId] })
  }
}

export const removeNodes = (queries: QueryClient, ids: readonly string[]): void => {
  const gone = new Set(ids)
  for (const [key, entries] of queries.getQueriesData<Entries>({ queryKey: ['entries'] })) {
    if (entries === undefined) continue
    const left = entries.items.filter((item) => !gone.has(item.id))
    if (left.length !== entries.items.length) queries.setQueryData<Entries>(key, { ...entries, items: left })
  }
}

/** What somebody else (or another tab) changed, into what is loaded here. */
export const applyJournal = (queries: QueryClient, drive: string, entries: readonly JournalEntry[]): void => {
  const latest = new Map(entries.map((entry) => [entry.nodeId, entry]))
  removeNodes(
    queries,
    [...latest.values()].filter(({ state }) => state !== 'live').map(({ nodeId }) => nodeId)
  )
  const known = new Map(
    queries
      .getQueriesData<Entries>({ queryKey: ['entries', drive] })
      .flatMap(([, list]) => list?.items ?? [])
      .filter(({ id }) => latest.has(id))
      .map((node) => [node.id, node])
  )
  placeNodes(
    queries,
    [...latest.values()]
      .filter(({ state }) => state === 'live')
      .filter(({ nodeId, seq }) => (known.get(nodeId)?.seq ?? -1) < seq)
      .map((entry) => nodeOf(drive, entry, known.get(entry.nodeId)))
  )
  if ([...latest.values()].some(({ state, op }) => state !== 'live' || op === 'restore')) {
    void queries.invalidateQueries({ queryKey: ['trash', drive] })
  }
  for (const { nodeId } of latest.values()) void queries.invalidateQueries({ queryKey: ['versions', drive, nodeId] })
  void queries.invalidateQueries({ queryKey: ['drive'] })
}

/** A folder's size below is not in the journal: as it was, until the folder is listed again. */
const nodeOf = (driveId: string, entry: JournalEntry, before: Node | undefined): Node => ({
  id: entry.nodeId,
  driveId,
  parentId: entry.parentId,
  name: entry.name,
  kind: entry.kind,
  state: 'live',
  size: entry.size,
  treeSize: entry.kind === 'file' ? entry.size : (before?.treeSize ?? 0),
  treeRev: entry.seq,
  versionId: entry.versionId,
  mtime: entry.mtime,
  createdAt: before?.createdAt ?? entry.at,
  modifiedAt: entry.at,
  contentRev: entry.contentRev,
  metaRev: entry.metaRev,
  seq: entry.seq
})
