import type { MessageInitShape } from '@bufbuild/protobuf'
import { CairnError, type metadataV1 } from '@cairn/contracts'
import type { MetadataContext } from '../context.ts'
import { MAX_DEPTH, type TreeNode } from '../domain/node.ts'
import { invalid, notFound } from '../errors.ts'
import { makeParents } from '../operations/make-parents.ts'
import { reachFolder, reachNode, validName, validPath, walk } from '../places.ts'
import type { DriveKey } from '../store/database.ts'
import { type Membership, readDrive } from '../store/drives.ts'
import { readChild } from '../store/read-nodes.ts'
import { parseUuid } from '../uuid.ts'

type Response = MessageInitShape<typeof metadataV1.AuthorizeWriteResponseSchema>

interface Spot {
  readonly parentId: string
  /** Empty: the folder as such. */
  readonly name: string
  readonly file: TreeNode | undefined
}

export const authorizeWrite = async (
  context: MetadataContext,
  request: metadataV1.AuthorizeWriteRequest
): Promise<Response> => {
  const userId = parseUuid(request.userId, 'user_id')
  const drive = await context.findDrive(userId, request.drive)
  if (drive.role === 'viewer') throw new CairnError('forbidden', 'You may only look at this drive')
  const { parentId, name, file } = await findSpot(context, drive, { request, userId })
  const left = await context.quotas.left(drive.vaultId, Number(request.size ?? UNKNOWN_SIZE))
  if (request.size !== undefined && left >= 0 && request.size > left) {
    throw new CairnError('quota_exceeded', 'The storage quota is used up')
  }
  return {
    vaultId: drive.vaultId,
    driveId: drive.driveId,
    parentId,
    name,
    nodeId: file?.id ?? '',
    currentVersionId: file?.versionId ?? '',
    contentRev: BigInt(file?.contentRev ?? 0),
    quotaAvailable: BigInt(left)
  }
}

/** A body of unknown length is limited by what is left now. */
const UNKNOWN_SIZE = Number.MAX_SAFE_INTEGER

const findSpot = async (
  context: MetadataContext,
  key: Membership,
  { request, userId }: { readonly request: metadataV1.AuthorizeWriteRequest; readonly userId: string }
): Promise<Spot> => {
  const { nodeId = '', parentId = '', name = '', path = '' } = request.place ?? {}
  const db = context.database.query
  if (nodeId !== '') {
    const { node } = await reachNode(db, key, parseUuid(nodeId, 'node_id'))
    if (node.kind !== 'file') throw new CairnError('not_a_file', 'It is a folder')
    return { parentId: node.parentId ?? '', name: node.name, file: node }
  }
  if (path !== '') {
    const names = validPath(path)
    const last = names.at(-1)
    if (last === undefined) throw invalid('The path names no file')
    if (names.length > MAX_DEPTH) throw tooDeep()
    const { found, missing } = await walk(db, key, names)
    const [target, folder] = missing.length === 0 ? [found.at(-1), found.at(-2)] : [undefined, found.at(-1)]
    if (missing.length <= 1 && folder?.kind === 'folder') {
      return { parentId: folder.id, name: last.text, file: target?.kind === 'file' ? target : undefined }
    }
    const actor = { userId, deviceId: '', role: key.role }
    const folderId = await makeParents(context, key, { actor, names: names.slice(0, -1), make: request.makeParents })
    return await childSpot(context, key, { folderId, name: last.text })
  }
  const folderId = parentId === '' ? await rootOf(context, key) : parseUuid(parentId, 'parent_id')
  const folder = await reachFolder(db, key, folderId)
  if (folder.ancestors.length + 1 > MAX_DEPTH) throw tooDeep()
  if (name === '') return { parentId: folderId, name: '', file: undefined }
  return await childSpot(context, key, { folderId, name })
}

const childSpot = async (
  context: MetadataContext,
  key: DriveKey,
  place: { readonly folderId: string; readonly name: string }
): Promise<Spot> => {
  const name = validName(place.name)
  const standing = await readChild(context.database.query, key, { parentId: place.folderId, fold: name.fold })
  const file = standing?.kind === 'file' ? standing : undefined
  return { parentId: place.folderId, name: name.text, file }
}

const rootOf = async (context: MetadataContext, key: DriveKey): Promise<string> => {
  const drive = await readDrive(context.database.query, key)
  if (drive === undefined) throw notFound()
  return drive.rootId
}

const tooDeep = (): CairnError => new CairnError('too_deep', `Folders are nested at most ${MAX_DEPTH} deep`)
