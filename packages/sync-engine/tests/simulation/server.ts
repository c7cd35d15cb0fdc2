import type { TreeNode } from '../../../../services/metadata/src/domain/node.ts'
import type { Action } from '../../../../services/metadata/src/domain/operation.ts'
import { requestHash } from '../../../../services/metadata/src/domain/request-hash.ts'
import { MemoryDrive, ROOT_ID, USER } from '../../../../services/metadata/tests/_memory-drive.ts'
import type { RemoteNode } from '../../src/index.ts'

export type ServerReply =
  | { readonly ok: true; readonly node: RemoteNode }
  | { readonly ok: false; readonly code: string; readonly detail: string }

/** The real rules of the tree, and the contents of versions. */
export class SimulatedServer {
  readonly drive = new MemoryDrive()
  readonly contents = new Map<string, string>()
  readonly rootId = ROOT_ID
  #serial = 0

  newId(prefix: string): string {
    this.#serial += 1
    return `${prefix}${this.#serial}`
  }

  /** Applying an op id again changes nothing. */
  apply(opId: string, action: Action): ServerReply {
    const operation = { opId, requestHash: requestHash({ opId }), journalOp: action.kind, action }
    const [outcomes] = this.drive.apply([
      {
        actor: { userId: USER, deviceId: '', role: 'owner' },
        at: 1,
        units: [{ atomic: false, operations: [operation] }]
      }
    ])
    const outcome = outcomes?.[0]
    if (outcome === undefined) throw new Error('no outcome')
    if (outcome.applied) return { ok: true, node: toRemote(outcome.view.node) }
    return { ok: false, code: outcome.code, detail: outcome.message }
  }

  put(
    opId: string,
    target: { nodeId: string; baseRev: number } | { parent: string; name: string },
    data: string
  ): ServerReply {
    const versionId = `v-${opId}`
    if (!this.contents.has(versionId)) this.contents.set(versionId, data)
    const reply = this.apply(opId, {
      kind: 'put-file',
      newNodeId: `n-${opId}`,
      target: 'nodeId' in target ? { nodeId: target.nodeId } : target,
      content: { versionId, manifestId: new Uint8Array(1), size: data.length, mtime: 5 },
      onConflict: 'nodeId' in target ? 'version' : 'fail',
      expect: 'nodeId' in target ? { contentRev: target.baseRev } : {}
    })
    if (!reply.ok) this.contents.delete(versionId)
    return reply
  }

  changesAfter(seq: number, limit: number): { readonly nodes: readonly RemoteNode[]; readonly seq: number } {
    const entries = this.drive.journal.filter((entry) => entry.seq > seq).slice(0, limit)
    return { nodes: entries.map(({ node }) => toRemote(node)), seq: entries.at(-1)?.seq ?? seq }
  }

  root(): RemoteNode {
    const node = this.drive.nodes.get(ROOT_ID)
    if (node === undefined) throw new Error('no root')
    return toRemote(node)
  }

  *contentsBelow(id: string): Generator<string, void, void> {
    const content = this.contents.get(this.drive.nodes.get(id)?.versionId ?? '')
    if (content !== undefined) yield content
    for (const child of this.drive.children(id)) yield* this.contentsBelow(child.id)
  }

  /** Path → content (undefined for folders) of all that can be reached. */
  tree(): Map<string, string | undefined> {
    const found = new Map<string, string | undefined>()
    const visit = (id: string, prefix: string): void => {
      for (const node of this.drive.children(id)) {
        const path = prefix + node.name
        found.set(path, node.versionId === null ? undefined : this.contents.get(node.versionId))
        if (node.kind === 'folder') visit(node.id, `${path}/`)
      }
    }
    visit(ROOT_ID, '')
    return found
  }
}

const toRemote = (node: TreeNode): RemoteNode => {
  const { id, parentId, name, kind, versionId, size, mtime, contentRev, metaRev, seq } = node
  const state = node.state === 'live' ? 'live' : 'trashed'
  return { id, parentId, name, kind, state, versionId, size, mtime, contentRev, metaRev, seq }
}
