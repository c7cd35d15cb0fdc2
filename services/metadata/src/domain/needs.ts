/** Facts about the tree that an operation asked for and the working set has not loaded. */
export interface Needs {
  readonly nodeIds: Set<string>
  /** Live children by equality key; keyed by childKey. */
  readonly children: Map<string, { readonly parentId: string; readonly fold: string }>
  /** Every live child whose fold begins with the prefix; keyed by childKey. */
  readonly families: Map<string, { readonly parentId: string; readonly prefix: string }>
  /** Nodes whose exact number of levels below is wanted. */
  readonly heights: Set<string>
}

// A node id never contains a slash, so the key is unambiguous.
export const childKey = (parentId: string, fold: string): string => `${parentId}/${fold}`

export const noNeeds = (): Needs => ({
  nodeIds: new Set(),
  children: new Map(),
  families: new Map(),
  heights: new Set()
})

export const anyNeeds = (needs: Needs): boolean =>
  needs.nodeIds.size + needs.children.size + needs.families.size + needs.heights.size > 0

/** Thrown by look-ups; caught only by apply.ts, which has everything missing loaded and tries again. */
export class Missing extends Error {
  readonly report: (needs: Needs) => void
  constructor(report: (needs: Needs) => void) {
    super('not loaded')
    this.name = 'Missing'
    this.report = report
  }
}
