import { foldName } from '@cairn/names'
import type { Action } from '../src/domain/operation.ts'

interface NaiveNode {
  id: string
  parent: string | null
  name: string
  kind: 'file' | 'folder'
  state: 'live' | 'trashed' | 'purging'
  size: number
  contentRev: number
  metaRev: number
  changed: number
}

/** The rules once more, as plainly as can be: one map, full scans, nothing derived. */
export class NaiveTree {
  readonly nodes = new Map<string, NaiveNode>()
  readonly limit: number
  readonly maxDepth: number
  used = 0
  seq = 0

  constructor(rootId: string, limits: { limit: number; maxDepth: number }) {
    this.limit = limits.limit
    this.maxDepth = limits.maxDepth
    this.nodes.set(rootId, {
      id: rootId,
      parent: null,
      name: '',
      kind: 'folder',
      state: 'live',
      size: 0,
      contentRev: 1,
      metaRev: 1,
      changed: 0
    })
  }

  /** `''` or the code it is refused with. */
  apply(action: Action): string {
    switch (action.kind) {
      case 'make-folder': {
        const refusal = this.#intoFolder(action.parent, 0)
        if (refusal !== '') return refusal
        const standing = this.#named(action.parent, action.name)
        if (standing !== undefined && action.onConflict === 'merge' && standing.kind === 'folder') return ''
        if (standing !== undefined && action.onConflict !== 'rename') return 'name_taken'
        this.#add(action.newNodeId, action.parent, action.name, 'folder')
        return ''
      }
      case 'put-file':
        return this.#put(action)
      case 'move':
        return this.#move(action)
      case 'trash': {
        const where = this.#where(action.nodeId)
        if (where === 'unknown') return 'not_found'
        if (where === 'trashed') return ''
        const node = this.#get(action.nodeId)
        if (node.parent === null) return 'forbidden'
        if (action.expect.contentRev !== undefined && action.expect.contentRev !== node.contentRev) return 'stale'
        this.#touch(node, { state: 'trashed', metaRev: node.metaRev + 1 })
        return ''
      }
      case 'restore':
        return this.#restore(action.nodeId)
      case 'purge': {
        const node = this.nodes.get(action.nodeId)
        if (node === undefined || node.state !== 'trashed') return 'not_found'
        this.#touch(node, { state: 'purging', metaRev: node.metaRev + 1 })
        return ''
      }
    }
  }

  depth(id: string): number {
    const { parent } = this.#get(id)
    return parent === null ? 0 : this.depth(parent) + 1
  }

  height(id: string): number {
    const below = [...this.nodes.values()].filter((node) => node.parent === id && node.state === 'live')
    return Math.max(0, ...below.map((node) => this.height(node.id) + 1))
  }

  sizeOf(id: string): number {
    const node = this.#get(id)
    if (node.kind === 'file') return node.size
    const below = [...this.nodes.values()].filter((child) => child.parent === id && child.state === 'live')
    return below.reduce((sum, child) => sum + this.sizeOf(child.id), 0)
  }

  #put(action: Extract<Action, { kind: 'put-file' }>): string {
    const { target, content, onConflict, expect } = action
    const fits = this.limit === 0 || content.size === 0 || this.used + content.size <= this.limit
    let file: NaiveNode | undefined
    if ('nodeId' in target) {
      const where = this.#where(target.nodeId)
      if (where !== 'live') return where === 'trashed' ? 'gone' : 'not_found'
      file = this.#get(target.nodeId)
      if (file.kind !== 'file') return 'not_a_file'
    } else {
      const refusal = this.#intoFolder(target.parent, undefined)
      if (refusal !== '') return refusal
      const standing = this.#named(target.parent, target.name)
      if (standing !== undefined && onConflict !== 'rename') {
        if (onConflict === 'fail' || standing.kind === 'folder') return 'name_taken'
        file = standing
      }
      if (file === undefined) {
        if (standing === undefined && (expect.contentRev ?? 0) !== 0) return 'stale'
        if (this.depth(target.parent) + 1 > this.maxDepth) return 'too_deep'
        if (!fits) return 'quota_exceeded'
        const made = this.#add(action.newNodeId, target.parent, target.name, 'file')
        made.size = content.size
        this.used += content.size
        return ''
      }
    }
    if (expect.contentRev !== undefined && expect.contentRev !== file.contentRev) return 'stale'
    if (!fits) return 'quota_exceeded'
    this.used += content.size
    this.#touch(file, { size: content.size, contentRev: file.contentRev + 1 })
    return ''
  }

  #move(action: Extract<Action, { kind: 'move' }>): string {
    const where = this.#where(action.nodeId)
    if (where !== 'live') return where === 'trashed' ? 'gone' : 'not_found'
    const node = this.#get(action.nodeId)
    if (node.parent === null) return 'forbidden'
    if (action.expect.metaRev !== undefined && action.expect.metaRev !== node.metaRev) return 'stale'
    const parent = action.parent ?? node.parent
    const name = action.name ?? node.name
    const refusal = this.#intoFolder(parent, undefined)
    if (refusal !== '') return refusal
    if (parent === node.parent && name === node.name) return ''
    for (let at: string | null = parent; at !== null; at = this.#get(at).parent) {
      if (at === node.id) return 'would_cycle'
    }
    if (parent !== node.parent && this.depth(parent) + 1 + this.height(node.id) > this.maxDepth) return 'too_deep'
    const standing = this.#named(parent, name)
    const taken = standing !== undefined && standing !== node
    if (taken && action.onConflict === 'fail') return 'name_taken'
    this.#touch(node, { parent, name: taken ? this.#beside(parent, name) : name, metaRev: node.metaRev + 1 })
    return ''
  }

  #restore(id: string): string {
    const where = this.#where(id)
    if (where === 'unknown') return 'not_found'
    if (where === 'live') return ''
    const node = this.#get(id)
    if (node.state !== 'trashed') return 'gone'
    let home = node.parent
    while (home !== null && this.nodes.has(home) && this.#where(home) !== 'live') home = this.#get(home).parent
    const parent = home === null || !this.nodes.has(home) ? this.#rootId() : home
    if (this.depth(parent) + 1 + this.height(id) > this.maxDepth) return 'too_deep'
    const name = this.#named(parent, node.name) === undefined ? node.name : this.#beside(parent, node.name)
    this.#touch(node, { parent, name, state: 'live', metaRev: node.metaRev + 1 })
    return ''
  }

  #rootId(): string {
    const root = [...this.nodes.values()].find((node) => node.parent === null)
    return root?.id ?? ''
  }

  #where(id: string): 'live' | 'trashed' | 'unknown' {
    for (let at: string | null = id; at !== null; ) {
      const node = this.nodes.get(at)
      if (node === undefined || node.state === 'purging') return 'unknown'
      if (node.state === 'trashed') return 'trashed'
      at = node.parent
    }
    return 'live'
  }

  #intoFolder(id: string, height: number | undefined): string {
    const where = this.#where(id)
    if (where !== 'live') return where === 'trashed' ? 'parent_gone' : 'not_found'
    if (this.#get(id).kind !== 'folder') return 'not_a_folder'
    return height !== undefined && this.depth(id) + 1 + height > this.maxDepth ? 'too_deep' : ''
  }

  #named(parent: string, name: string): NaiveNode | undefined {
    return [...this.nodes.values()].find(
      (node) => node.parent === parent && node.state === 'live' && foldName(node.name) === foldName(name)
    )
  }

  #beside(parent: string, name: string): string {
    const dot = name.lastIndexOf('.')
    const [stem, extension] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, '']
    for (let number = 2; ; number += 1) {
      const candidate = `${stem} (${number})${extension}`
      if (this.#named(parent, candidate) === undefined) return candidate
    }
  }

  #add(id: string, parent: string, wanted: string, kind: 'file' | 'folder'): NaiveNode {
    const name = this.#named(parent, wanted) === undefined ? wanted : this.#beside(parent, wanted)
    this.seq += 1
    const node: NaiveNode = {
      id,
      parent,
      name,
      kind,
      state: 'live',
      size: 0,
      contentRev: 1,
      metaRev: 1,
      changed: this.seq
    }
    this.nodes.set(id, node)
    return node
  }

  #touch(node: NaiveNode, change: Partial<NaiveNode>): void {
    this.seq += 1
    Object.assign(node, change, { changed: this.seq })
  }

  #get(id: string): NaiveNode {
    const node = this.nodes.get(id)
    if (node === undefined) throw new Error(`no node ${id}`)
    return node
  }
}
