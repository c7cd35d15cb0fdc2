import type { LocalEntry } from '../trees/local-tree.ts'

/**
 * What is known about contents. An identity is the same text for the same bytes, on both sides; the
 * caller chooses what it is. Undefined: not known yet.
 */
export interface Knowledge {
  /** Of exactly this state of the file. */
  local(entry: LocalEntry): string | undefined
  version(versionId: string): string | undefined
}
