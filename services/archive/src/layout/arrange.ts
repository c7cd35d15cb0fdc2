import type { ZipEntry } from '../zip/entry.ts'
import { nameKey, numberedName, safeName } from './safe-name.ts'

/** A node as metadata lists it; a folder has no version. */
export interface ListedNode {
  readonly nodeId: string
  readonly parentId: string
  readonly name: string
  readonly versionId: string
  readonly size: number
  readonly mtimeMs: number
}

export interface ArchiveEntry extends ZipEntry {
  /** Empty for a folder. */
  readonly versionId: string
}

/**
 * The members of an archive in their order: depth first, folders before what they hold, siblings by name. Nodes whose
 * parent is not listed stand at the top; a drive's root, which has no name, is not a member itself.
 */
export const arrange = (nodes: readonly ListedNode[]): readonly ArchiveEntry[] => {
  const listed = new Set(nodes.map((node) => node.nodeId))
  const children = new Map<string, ListedNode[]>()
  for (const node of nodes) {
    const parent = listed.has(node.parentId) ? node.parentId : TOP
    const siblings = children.get(parent)
    if (siblings === undefined) children.set(parent, [node])
    else siblings.push(node)
  }
  const entries: ArchiveEntry[] = []
  const place = (folder: string, prefix: string): void => {
    const taken: Taken = new Map()
    const siblings = (children.get(folder) ?? []).sort(byName)
    for (const node of siblings) {
      if (node.name === '') place(node.nodeId, prefix)
      else add(node, prefix + freeName(node.name, taken))
    }
  }
  const add = (node: ListedNode, path: string): void => {
    const folder = node.versionId === ''
    entries.push({
      path: folder ? `${path}/` : path,
      folder,
      versionId: node.versionId,
      size: folder ? 0 : node.size,
      mtimeMs: node.mtimeMs
    })
    if (folder) place(node.nodeId, `${path}/`)
  }
  place(TOP, '')
  return entries
}

const TOP = ''

const byName = (a: ListedNode, b: ListedNode): number => compare(a.name, b.name) || compare(a.nodeId, b.nodeId)

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Names of one folder: key → the number to try next, so that thousands of alike names cost no more than others. */
type Taken = Map<string, number>

const freeName = (wanted: string, taken: Taken): string => {
  const safe = safeName(wanted)
  const key = nameKey(safe)
  let name = safe
  for (let number = taken.get(key) ?? 2; taken.has(nameKey(name)); number += 1) {
    name = numberedName(safe, number)
    taken.set(key, number + 1)
  }
  taken.set(nameKey(name), 2)
  return name
}
