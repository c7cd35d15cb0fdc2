import { CairnError } from '@cairn/contracts'
import { parseName, type ValidName } from '@cairn/names'
import type { TreeNode } from './domain/node.ts'
import { parsePath } from './domain/path.ts'
import { notFound } from './errors.ts'
import type { DriveKey, Queryable } from './store/database.ts'
import { type Reached, readChain, readPath, readReachable, standingOf } from './store/read-nodes.ts'

/** Finds what requests name by id, by parent and name, or by path. All throw `not_found` alike. */
export const reachNode = async (db: Queryable, key: DriveKey, nodeId: string): Promise<Reached> => {
  const reached = await readReachable(db, key, nodeId)
  if (reached === undefined) throw notFound()
  return reached
}

/** A folder to write into; one that is in the trash is `parent_gone`. */
export const reachFolder = async (db: Queryable, key: DriveKey, folderId: string): Promise<Reached> => {
  const standing = standingOf(await readChain(db, key, folderId))
  if (standing.status === 'unknown') throw notFound()
  if (standing.status === 'trashed') throw new CairnError('parent_gone', 'The folder is in the trash')
  if (standing.node.kind !== 'folder') throw new CairnError('not_a_folder', 'The target is a file')
  return standing
}

export const validName = (text: string): ValidName => {
  const result = parseName(text)
  if (!result.ok) throw new CairnError('invalid_name', result.reason)
  return result.name
}

export const validPath = (text: string): readonly ValidName[] => {
  const result = parsePath(text)
  if (!result.ok) throw new CairnError('invalid_name', result.reason)
  return result.names
}

export interface Walked {
  /** The deepest node that exists on the path. */
  readonly node: TreeNode
  /** Root first, `node` last. */
  readonly found: readonly TreeNode[]
  /** Names below `node` that do not exist. */
  readonly missing: readonly ValidName[]
}

export const walk = async (db: Queryable, key: DriveKey, names: readonly ValidName[]): Promise<Walked> => {
  const found = await readPath(
    db,
    key,
    names.map(({ fold }) => fold)
  )
  const node = found.at(-1)
  if (node === undefined) throw notFound()
  return { node, found, missing: names.slice(found.length - 1) }
}

/** The node at a path. */
export const resolvePath = async (db: Queryable, key: DriveKey, path: string): Promise<TreeNode> => {
  const { node, missing } = await walk(db, key, validPath(path))
  if (missing.length > 0) throw notFound()
  return node
}
