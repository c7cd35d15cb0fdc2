import { CairnError } from '@cairn/contracts'
import type { UploadContext } from '../context.ts'
import { appliedNode, commitOperations, type OperationInit } from './commit.ts'

export interface FolderPath {
  readonly userId: string
  readonly deviceId: string
  readonly drive: string
  /** Folder the path starts in. */
  readonly parentId: string
  readonly names: readonly string[]
}

const MAX_DEPTH = 128

/** Makes what is missing of a folder path below a given folder; returns the innermost folder's id. */
export const ensureFolders = async (context: UploadContext, path: FolderPath): Promise<string> => {
  if (path.names.length === 0) return path.parentId
  if (path.names.length > MAX_DEPTH) throw new CairnError('too_deep', 'The path has too many folders.')
  let parentId = path.parentId
  const operations = path.names.map((name): OperationInit => {
    const opId = context.random.uuid()
    const operation: OperationInit = { opId, kind: { case: 'makeFolder', value: { parentId, name, exclusive: false } } }
    parentId = `op:${opId}`
    return operation
  })
  const results = await commitOperations(context, {
    userId: path.userId,
    driveId: path.drive,
    deviceId: path.deviceId,
    operations
  })
  const refused = results.find((result) => result.errorCode !== '')
  return appliedNode(refused ?? results.at(-1)).nodeId
}
