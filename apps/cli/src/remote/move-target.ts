import type { Node } from '@cairn/client'
import { usageError } from '../exit-codes.ts'
import { findNode, folderAt, notAFolder, type RemoteDrive } from './lookup.ts'
import { parseRemotePath, splitRemotePath } from './remote-path.ts'

export interface MoveTarget {
  readonly parentId: string
  readonly name: string
}

/** Like the shell's mv and cp: into an existing folder, else to the new name. */
export async function moveTargets(
  remote: RemoteDrive,
  sources: readonly Node[],
  text: string
): Promise<readonly MoveTarget[]> {
  const path = parseRemotePath(text)
  const standing = await findNode(remote, path)
  const [only] = sources
  // A folder whose name only changes its case finds itself there.
  if (standing?.kind === 'folder' && standing.id !== only?.id) {
    return sources.map((source) => ({ parentId: standing.id, name: source.name }))
  }
  if (sources.length !== 1) throw notAFolder(path)
  if (path.folder && (standing !== undefined || only?.kind !== 'folder')) throw notAFolder(path)
  if (path.names.length === 0) throw usageError('The root folder cannot be moved')
  const { parent, name } = splitRemotePath(path)
  return [{ parentId: (await folderAt(remote, parent)).id, name }]
}
