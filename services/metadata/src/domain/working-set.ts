import type { DriveFacts, StoredResult, TreeFacts, VersionFate } from './facts.ts'
import { resultKey } from './facts.ts'
import type { JournalEntry } from './journal.ts'
import { childKey, Missing } from './needs.ts'
import type { TreeNode, VersionRecord } from './node.ts'
import type { Applied } from './outcome.ts'
import { UndoLog } from './undo-log.ts'

/** "name (2)" is the first stand-in for "name". */
const FIRST_NUMBER = 2

/**
 * The part of one drive that a batch of operations needs, and everything they change, in memory.
 * Look-ups of what is neither loaded nor known to be absent throw Missing.
 */
export class WorkingSet {
  readonly rootId: string
  readonly #nodes = new Map<string, TreeNode | null>()
  readonly #originals = new Map<string, TreeNode>()
  readonly #children = new Map<string, string | null>()
  readonly #families = new Set<string>()
  readonly #nextNumbers = new Map<string, number>()
  /** Folders made here: whatever is not known below them is absent. */
  readonly #complete = new Map<string, true>()
  readonly #changed = new Map<string, 'inserted' | 'updated'>()
  readonly #versions: VersionRecord[] = []
  readonly #journal: JournalEntry[] = []
  readonly #fates: Map<string, VersionFate>
  readonly #results: Map<string, StoredResult>
  readonly #newResults: NewResult[] = []
  readonly #treeRevsBefore = new Map<string, number>()
  readonly #exactHeights = new Map<string, number>()
  readonly #startSeq: number
  readonly #quotaLimit: number
  #headSeq: number
  #quotaUsed: number
  readonly undo = new UndoLog()

  constructor(facts: DriveFacts) {
    this.rootId = facts.rootId
    this.#fates = new Map(facts.fates)
    this.#results = new Map(facts.results)
    this.#headSeq = facts.headSeq
    this.#startSeq = facts.headSeq
    this.#quotaUsed = facts.quota.used
    this.#quotaLimit = facts.quota.limit
  }

  /** Adds what was loaded. Never overwrites what operations have changed since. */
  learn(facts: TreeFacts): void {
    for (const node of facts.nodes) {
      if (this.#nodes.has(node.id)) continue
      this.#nodes.set(node.id, node)
      this.#originals.set(node.id, node)
    }
    for (const id of facts.absentNodeIds) {
      if (!this.#nodes.has(id)) this.#nodes.set(id, null)
    }
    for (const child of facts.children) {
      const key = childKey(child.parentId, child.fold)
      if (!this.#children.has(key)) this.#children.set(key, child.nodeId)
    }
    for (const family of facts.families) this.#families.add(childKey(family.parentId, family.prefix))
    for (const [id, height] of facts.heights) this.#exactHeights.set(id, height)
  }

  node(id: string): TreeNode | null {
    const known = this.#nodes.get(id)
    if (known !== undefined) return known
    throw new Missing((needs) => needs.nodeIds.add(id))
  }

  /** The live child with this equality key. */
  child(parentId: string, fold: string): TreeNode | null {
    const key = childKey(parentId, fold)
    const known = this.#children.get(key)
    if (known !== undefined) return known === null ? null : this.node(known)
    if (this.#complete.has(parentId)) return null
    throw new Missing((needs) => needs.children.set(key, { parentId, fold }))
  }

  /** Whether a name of a family (all names with one prefix) is taken. */
  takenInFamily(parentId: string, prefix: string, fold: string): boolean {
    const known = this.#children.get(childKey(parentId, fold))
    if (known !== undefined) return known !== null
    const family = childKey(parentId, prefix)
    if (this.#complete.has(parentId) || this.#families.has(family)) return false
    throw new Missing((needs) => needs.families.set(family, { parentId, prefix }))
  }

  /** Where to go on looking for a free number of a taken name: what this batch took is not tried again. */
  nextNumber(parentId: string, fold: string): number {
    return this.#nextNumbers.get(childKey(parentId, fold)) ?? FIRST_NUMBER
  }

  setNextNumber(parentId: string, fold: string, number: number): void {
    this.undo.set(this.#nextNumbers, childKey(parentId, fold), number)
  }

  /**
   * Levels below a node: the stored upper bound if that is within `allowed`, else counted. Below a
   * node that this batch has changed the count may be too low, so the bound stands.
   */
  height(node: TreeNode, allowed: number): number {
    if (node.treeHeight <= allowed || node.treeRev > this.#startSeq) return node.treeHeight
    const exact = this.#exactHeights.get(node.id)
    if (exact !== undefined) return exact
    throw new Missing((needs) => needs.heights.add(node.id))
  }

  /** tree_rev as it was before the running request touched it. */
  treeRevBefore(node: TreeNode): number {
    return this.#treeRevsBefore.get(node.id) ?? node.treeRev
  }

  beginRequest(): void {
    const before = new Map(this.#treeRevsBefore)
    this.#treeRevsBefore.clear()
    this.undo.did(() => {
      this.#treeRevsBefore.clear()
      for (const [id, rev] of before) this.#treeRevsBefore.set(id, rev)
    })
  }

  insertNode(node: TreeNode): void {
    this.undo.set(this.#nodes, node.id, node)
    this.undo.set(this.#changed, node.id, 'inserted')
    if (node.kind === 'folder') this.undo.set(this.#complete, node.id, true)
  }

  updateNode(node: TreeNode): void {
    const before = this.#nodes.get(node.id)
    if (before && before.treeRev !== node.treeRev && !this.#treeRevsBefore.has(node.id)) {
      this.undo.set(this.#treeRevsBefore, node.id, before.treeRev)
    }
    this.undo.set(this.#nodes, node.id, node)
    if (!this.#changed.has(node.id)) this.undo.set(this.#changed, node.id, 'updated')
  }

  setChild(parentId: string, fold: string, nodeId: string | null): void {
    this.undo.set(this.#children, childKey(parentId, fold), nodeId)
  }

  nextSeq(): number {
    const before = this.#headSeq
    this.undo.did(() => {
      this.#headSeq = before
    })
    this.#headSeq = before + 1
    return this.#headSeq
  }

  addJournal(entry: JournalEntry): void {
    this.undo.push(this.#journal, entry)
  }

  fate(versionId: string): VersionFate {
    return this.#fates.get(versionId) ?? 'abandoned'
  }

  quotaAllows(bytes: number): boolean {
    return bytes === 0 || this.#quotaLimit === 0 || this.#quotaUsed + bytes <= this.#quotaLimit
  }

  addVersion(version: VersionRecord): void {
    const used = this.#quotaUsed
    this.undo.did(() => {
      this.#quotaUsed = used
    })
    this.#quotaUsed = used + version.size
    this.undo.push(this.#versions, version)
    this.undo.set(this.#fates, version.id, 'committed')
  }

  storedResult(userId: string, opId: string): StoredResult | undefined {
    return this.#results.get(resultKey(userId, opId))
  }

  remember(result: NewResult): void {
    const { userId, opId, requestHash, outcome } = result
    this.undo.set(this.#results, resultKey(userId, opId), { requestHash, outcome })
    this.undo.push(this.#newResults, result)
  }

  /** Everything to be written, in no particular order within each list but the journal. */
  changes(): TreeChanges {
    const inserted: TreeNode[] = []
    const updated: TreeNode[] = []
    for (const [id, how] of this.#changed) {
      const node = this.#nodes.get(id)
      if (node) (how === 'inserted' ? inserted : updated).push(node)
    }
    const movedIds = updated
      .filter((node) => this.#originals.get(node.id)?.metaRev !== node.metaRev)
      .map(({ id }) => id)
    const unusedVersionIds = [...this.#fates].filter(([, fate]) => fate === 'free').map(([id]) => id)
    return {
      inserted,
      updated,
      movedIds,
      versions: this.#versions,
      journal: this.#journal,
      results: this.#newResults,
      unusedVersionIds,
      headSeq: this.#headSeq,
      quotaAdded: this.#versions.reduce((sum, version) => sum + version.size, 0)
    }
  }
}

export interface NewResult extends StoredResult {
  readonly userId: string
  readonly opId: string
  readonly outcome: Applied
  readonly at: number
}

export interface TreeChanges {
  readonly inserted: readonly TreeNode[]
  readonly updated: readonly TreeNode[]
  /** Those of `updated` whose name, parent or state is another one. */
  readonly movedIds: readonly string[]
  readonly versions: readonly VersionRecord[]
  readonly journal: readonly JournalEntry[]
  readonly results: readonly NewResult[]
  /** Offered to this batch but used by no operation that was applied. */
  readonly unusedVersionIds: readonly string[]
  readonly headSeq: number
  readonly quotaAdded: number
}
