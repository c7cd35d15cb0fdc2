import { Application } from '../src/domain/apply.ts'
import type { StoredResult, TreeFacts, VersionFate } from '../src/domain/facts.ts'
import { resultKey } from '../src/domain/facts.ts'
import type { JournalEntry } from '../src/domain/journal.ts'
import type { Needs } from '../src/domain/needs.ts'
import type { TreeNode, VersionRecord } from '../src/domain/node.ts'
import type { TreeRequest } from '../src/domain/operation.ts'
import type { Outcome } from '../src/domain/outcome.ts'
import { planNeeds, versionIdsOf } from '../src/domain/plan-needs.ts'
import { WorkingSet } from '../src/domain/working-set.ts'

export const ROOT_ID = 'root'
export const USER = 'user'

const ROOT: TreeNode = {
  id: ROOT_ID,
  parentId: null,
  name: '',
  nameFold: '',
  kind: 'folder',
  state: 'live',
  versionId: null,
  size: 0,
  mtime: 0,
  contentRev: 1,
  metaRev: 1,
  seq: 0,
  treeSize: 0,
  treeRev: 0,
  treeHeight: 0,
  createdAt: 0,
  modifiedAt: 0,
  trashedAt: null,
  trashedPath: null
}

/** A drive kept in maps, loaded and flushed like the one in the database. */
export class MemoryDrive {
  readonly nodes = new Map<string, TreeNode>([[ROOT_ID, ROOT]])
  readonly versions: VersionRecord[] = []
  readonly journal: JournalEntry[] = []
  readonly results = new Map<string, StoredResult>()
  readonly fates = new Map<string, VersionFate>()
  readonly limit: number
  headSeq = 0
  used = 0
  /** Rounds of loading in the last batch. */
  rounds = 0

  constructor(limit = 0) {
    this.limit = limit
  }

  apply(requests: readonly TreeRequest[], plan: (requests: readonly TreeRequest[]) => Needs = planNeeds): Outcome[][] {
    const fates = versionIdsOf(requests).map((id): [string, VersionFate] => [id, this.fates.get(id) ?? 'free'])
    const set = new WorkingSet({
      rootId: ROOT_ID,
      headSeq: this.headSeq,
      quota: { used: this.used, limit: this.limit },
      results: this.results,
      fates: new Map(fates)
    })
    const application = new Application(set, requests)
    this.rounds = 0
    for (let needs: Needs | undefined = plan(requests); needs !== undefined; needs = application.run()) {
      this.rounds += 1
      set.learn(this.#load(needs))
    }
    const changes = set.changes()
    for (const node of [...changes.updated, ...changes.inserted]) this.nodes.set(node.id, node)
    this.versions.push(...changes.versions)
    this.journal.push(...changes.journal)
    for (const version of changes.versions) this.fates.set(version.id, 'committed')
    for (const result of changes.results) this.results.set(resultKey(result.userId, result.opId), result)
    this.headSeq = changes.headSeq
    this.used += changes.quotaAdded
    return application.outcomes().map((list) => [...list])
  }

  children(id: string): TreeNode[] {
    return [...this.nodes.values()].filter((node) => node.parentId === id && node.state === 'live')
  }

  height(id: string): number {
    return Math.max(0, ...this.children(id).map((child) => this.height(child.id) + 1))
  }

  #load(needs: Needs): TreeFacts {
    const found = new Map<string, TreeNode>()
    const add = (id: string | null): void => {
      const node = id === null ? undefined : this.nodes.get(id)
      if (node === undefined || found.has(node.id)) return
      found.set(node.id, node)
      add(node.parentId)
    }
    for (const id of needs.nodeIds) add(id)
    const children: { parentId: string; fold: string; nodeId: string | null }[] = []
    for (const { parentId, fold } of needs.children.values()) {
      const node = this.children(parentId).find((child) => child.nameFold === fold)
      add(node?.id ?? null)
      children.push({ parentId, fold, nodeId: node?.id ?? null })
    }
    for (const { parentId, prefix } of needs.families.values()) {
      for (const child of this.children(parentId)) {
        if (child.nameFold.startsWith(prefix)) children.push({ parentId, fold: child.nameFold, nodeId: child.id })
      }
    }
    return {
      nodes: [...found.values()],
      absentNodeIds: [...needs.nodeIds].filter((id) => !this.nodes.has(id)),
      children,
      families: [...needs.families.values()],
      heights: new Map([...needs.heights].map((id) => [id, this.height(id)]))
    }
  }
}
