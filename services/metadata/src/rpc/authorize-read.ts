import type { MessageInitShape } from '@bufbuild/protobuf'
import { CairnError, type metadataV1 } from '@cairn/contracts'
import type { MetadataContext } from '../context.ts'
import type { TreeNode } from '../domain/node.ts'
import { invalid, notFound } from '../errors.ts'
import { reachFolder, reachNode, resolvePath, validName } from '../places.ts'
import type { DriveKey } from '../store/database.ts'
import { readChild } from '../store/read-nodes.ts'
import { readVersion } from '../store/read-versions.ts'
import { parseUuid } from '../uuid.ts'

type Response = MessageInitShape<typeof metadataV1.AuthorizeReadResponseSchema>

export const authorizeRead = async (
  context: MetadataContext,
  request: metadataV1.AuthorizeReadRequest
): Promise<Response> => {
  const drive = await context.findDrive(parseUuid(request.userId, 'user_id'), request.drive)
  const node = await findFile(context, drive, request.place)
  const versionId = request.versionId === '' ? node.versionId : parseUuid(request.versionId, 'version_id')
  const version = versionId === null ? undefined : await readVersion(context.database.query, drive.vaultId, versionId)
  if (version === undefined || version.nodeId !== node.id) throw notFound()
  return {
    vaultId: drive.vaultId,
    driveId: drive.driveId,
    nodeId: node.id,
    versionId: version.id,
    manifestId: version.manifestId,
    size: BigInt(version.size),
    name: node.name,
    mtimeMs: BigInt(version.mtime)
  }
}

const findFile = async (
  context: MetadataContext,
  key: DriveKey,
  place: metadataV1.Place | undefined
): Promise<TreeNode> => {
  const node = await findNode(context, key, place)
  if (node.kind !== 'file') throw new CairnError('not_a_file', 'It is a folder')
  return node
}

const findNode = async (
  context: MetadataContext,
  key: DriveKey,
  place: metadataV1.Place | undefined
): Promise<TreeNode> => {
  const { nodeId = '', parentId = '', name = '', path = '' } = place ?? {}
  const db = context.database.query
  if (nodeId !== '') return (await reachNode(db, key, parseUuid(nodeId, 'node_id'))).node
  if (path !== '') return await resolvePath(db, key, path)
  if (parentId === '') throw invalid('The place is missing')
  const folderId = parseUuid(parentId, 'parent_id')
  await reachFolder(db, key, folderId)
  const child = await readChild(db, key, { parentId: folderId, fold: validName(name).fold })
  if (child === undefined) throw notFound()
  return child
}
