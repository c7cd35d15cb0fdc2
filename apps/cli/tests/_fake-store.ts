import { createHash, randomUUID } from 'node:crypto'
import type { Node } from '@cairn/client'

/** One drive in memory, with the rules that the command line depends on. */
export interface FakeStore {
  readonly driveId: string
  readonly root: Node
  readonly nodes: Map<string, Node>
  readonly contents: Map<string, Buffer>
  readonly chunks: Map<string, Buffer>
  children(id: string): Node[]
  resolve(path: string): Node | undefined
  /** An existing folder of that name is returned. */
  makeFolder(parentId: string, name: string): Node
  putFile(file: { parentId: string; name: string; content: Buffer; mtime: number }): Node
}

export function createFakeStore(): FakeStore {
  const driveId = randomUUID()
  const nodes = new Map<string, Node>()
  const contents = new Map<string, Buffer>()
  const blank = (fields: Partial<Node> & Pick<Node, 'name' | 'kind' | 'parentId'>): Node => ({
    id: randomUUID(),
    driveId,
    state: 'live',
    size: 0,
    treeSize: 0,
    treeRev: 1,
    versionId: null,
    mtime: new Date(0).toISOString(),
    createdAt: new Date(0).toISOString(),
    modifiedAt: new Date(0).toISOString(),
    contentRev: 1,
    metaRev: 1,
    seq: 1,
    ...fields
  })
  const keep = (node: Node) => {
    nodes.set(node.id, node)
    return node
  }
  const root = keep(blank({ name: '', kind: 'folder', parentId: null }))
  const children = (id: string) => [...nodes.values()].filter((node) => node.parentId === id)
  const child = (id: string, name: string) =>
    children(id).find((node) => node.name.toLowerCase() === name.normalize('NFC').toLowerCase())

  return {
    driveId,
    root,
    nodes,
    contents,
    chunks: new Map(),
    children,
    resolve: (path) =>
      path
        .split('/')
        .filter(Boolean)
        .reduce<Node | undefined>((node, name) => node && child(node.id, name), root),
    makeFolder: (parentId, name) =>
      child(parentId, name) ?? keep(blank({ name: name.normalize('NFC'), kind: 'folder', parentId })),
    putFile: ({ parentId, name, content, mtime }) => {
      const standing = child(parentId, name)
      const versionId = randomUUID()
      contents.set(versionId, content)
      return keep({
        ...(standing ?? blank({ name: name.normalize('NFC'), kind: 'file', parentId })),
        size: content.length,
        treeSize: content.length,
        mtime: new Date(mtime).toISOString(),
        versionId,
        contentRev: (standing?.contentRev ?? 0) + 1
      })
    }
  }
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
