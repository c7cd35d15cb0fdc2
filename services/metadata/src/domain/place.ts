import { nameFamily, parseName, type ValidName } from '@cairn/names'
import type { OperationContext } from './context.ts'
import { MAX_DEPTH, type TreeNode } from './node.ts'
import type { NodeRef } from './operation.ts'
import { type Refused, refused } from './outcome.ts'
import { reach } from './reach.ts'
import type { WorkingSet } from './working-set.ts'

export interface Folder {
  readonly applied: true
  readonly node: TreeNode
  /** Nearest first, the drive's root last. */
  readonly ancestors: readonly TreeNode[]
}

/** A live folder to put something into. */
export const targetFolder = (context: OperationContext, ref: NodeRef): Folder | Refused => {
  const id = context.resolve(ref)
  const place = id === undefined ? undefined : reach(context.set, id)
  if (place === undefined || place.status === 'unknown') return refused('not_found', 'The folder does not exist')
  if (place.status === 'trashed') {
    return refused('parent_gone', 'The folder is in the trash', { node: place.node, state: 'trashed' })
  }
  if (place.node.kind !== 'folder') {
    return refused('not_a_folder', 'The target is a file', { node: place.node, state: 'live' })
  }
  return { applied: true, node: place.node, ancestors: place.ancestors }
}

export type Named = { readonly applied: true; readonly name: ValidName } | Refused

export const validName = (typed: string): Named => {
  const result = parseName(typed)
  return result.ok ? { applied: true, name: result.name } : refused('invalid_name', result.reason)
}

/** The first free "name (2)", "name (3)", … beside a taken name. */
export const nameBeside = (set: WorkingSet, parentId: string, name: ValidName): ValidName => {
  const family = nameFamily(name)
  for (let number = set.nextNumber(parentId, name.fold); ; number += 1) {
    const candidate = family.candidate(number)
    if (set.takenInFamily(parentId, family.foldPrefix, candidate.fold)) continue
    set.setNextNumber(parentId, name.fold, number + 1)
    return candidate
  }
}

/** Whether a node with so many levels below it fits into the folder. */
export const fitsDepth = (folder: Folder, levelsBelow: number): boolean =>
  folder.ancestors.length + 1 + levelsBelow <= MAX_DEPTH

/** How many levels may hang below a node placed into the folder. */
export const levelsAllowed = (folder: Folder): number => MAX_DEPTH - folder.ancestors.length - 1

export const TOO_DEEP = `Folders are nested at most ${MAX_DEPTH} deep`
