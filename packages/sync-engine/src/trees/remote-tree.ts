import type { EntryKind } from './entry-kind.ts'

/** A node of the drive as the changes API last told it. */
export interface RemoteNode {
  readonly id: string
  /** Null for the drive's root. */
  readonly parentId: string | null
  readonly name: string
  readonly kind: EntryKind
  readonly state: 'live' | 'trashed'
  readonly versionId: string | null
  readonly size: number
  /** Milliseconds since the epoch. */
  readonly mtime: number
  readonly contentRev: number
  readonly metaRev: number
  /** Journal position of this state: of two states of a node the one with the higher seq holds. */
  readonly seq: number
}

/** Every node known of one drive, also those in the trash. */
export class RemoteTree {
  readonly rootId: string
  readonly #nodes = new Map<string, RemoteNode>()
  readonly #children = new Map<string, Set<string>>()

  constructor(rootId: string, nodes: Iterable<RemoteNode> = []) {
    this.rootId = rootId
    for (const node of nodes) this.apply(node)
  }

  /** Takes over a state unless a newer one is known. */
  apply(node: RemoteNode): boolean {
    const standing = this.#nodes.get(node.id)
    if (standing !== undefined && standing.seq > node.seq) return false
    this.#unlink(standing)
    this.#nodes.set(node.id, node)
    if (node.parentId === null) return true
    const siblings = this.#children.get(node.parentId)
    if (siblings === undefined) this.#children.set(node.parentId, new Set([node.id]))
    else siblings.add(node.id)
    return true
  }

  /** A node and everything below it are gone for good. Returns their ids. */
  purge(id: string): readonly string[] {
    const gone = [id]
    for (const next of gone) gone.push(...(this.#children.get(next) ?? []))
    for (const next of gone) {
      this.#unlink(this.#nodes.get(next))
      this.#nodes.delete(next)
    }
    return gone
  }

  get(id: string): RemoteNode | undefined {
    return this.#nodes.get(id)
  }

  all(): Iterable<RemoteNode> {
    return this.#nodes.values()
  }

  /** What can be reached from the root, parents before children; without the root. */
  *reachable(): Generator<RemoteNode, void, void> {
    const folders = [this.rootId]
    for (const folder of folders) {
      for (const id of this.#children.get(folder) ?? []) {
        const node = this.#nodes.get(id)
        if (node?.state !== 'live') continue
        yield node
        if (node.kind === 'folder') folders.push(node.id)
      }
    }
  }

  #unlink(node: RemoteNode | undefined): void {
    if (node !== undefined && node.parentId !== null) this.#children.get(node.parentId)?.delete(node.id)
  }
}
