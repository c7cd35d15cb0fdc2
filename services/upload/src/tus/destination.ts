import { CairnError } from '@cairn/contracts'
import type { UploadContext } from '../context.ts'
import type { Destination } from '../domain/authorize.ts'
import { ensureFolders } from '../domain/ensure-folders.ts'
import { parseDrive, parseNodeId } from '../domain/fields.ts'

export interface TusTarget {
  readonly userId: string
  readonly deviceId: string
  readonly uploadId: string
  readonly metadata: ReadonlyMap<string, string>
  readonly size: number | undefined
}

/** Where `Upload-Metadata` wants the file; folders of a relative path are made on the way. */
export const destinationOf = async (context: UploadContext, target: TusTarget): Promise<Destination> => {
  const { metadata, size } = target
  const drive = parseDrive(metadata.get('drive'))
  const nodeId = parseNodeId(metadata.get('nodeId'))
  if (nodeId !== undefined) return { drive, nodeId, size }
  const names = pathNames(metadata)
  const name = names.pop() ?? metadata.get('filename') ?? `upload-${target.uploadId}`
  const parentId = parseNodeId(metadata.get('parentId'))
  if (parentId === undefined) {
    return names.length === 0
      ? { drive, path: singleName(name), size }
      : { drive, path: [...names, name].join('/'), makeParents: true, size }
  }
  const { userId, deviceId } = target
  const folder = await ensureFolders(context, { userId, deviceId, drive, parentId, names })
  return { drive, parentId: folder, name, size }
}

/** Folder uploads of browsers send "null" for files that were picked alone. */
const pathNames = (metadata: ReadonlyMap<string, string>): string[] => {
  const path = metadata.get('relativePath') ?? metadata.get('path')
  if (path === undefined || path === '' || path === 'null') return []
  const names = path.split('/')
  if (names.some((name) => name === '')) throw invalidName('A path is relative and has no empty segment.')
  return names
}

/** A name must not turn into a path on its way. */
const singleName = (name: string): string => {
  if (name.includes('/')) throw invalidName('A name has no slash.')
  return name
}

const invalidName = (detail: string): CairnError => new CairnError('invalid_name', detail)
