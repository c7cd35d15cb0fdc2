import { ApiError, type CairnClient, type Node } from '@cairn/client'
import { CliError, EXIT } from '../exit-codes.ts'
import { formatRemotePath, type RemotePath } from './remote-path.ts'

/** A drive, and how to ask for what is in it. */
export interface RemoteDrive {
  readonly client: CairnClient
  readonly drive: string
  readonly signal: AbortSignal
}

/** The node at a path. @throws CliError not_found */
export async function nodeAt(remote: RemoteDrive, path: RemotePath): Promise<Node> {
  const node = await findNode(remote, path)
  if (node !== undefined) return node
  throw new CliError(EXIT.notFound, 'not_found', `${formatRemotePath(path.names)}: no such file or folder`)
}

/** The node at a path, if there is one. */
export async function findNode(remote: RemoteDrive, path: RemotePath): Promise<Node | undefined> {
  const { client, drive, signal } = remote
  try {
    return await client.drives.resolve(drive, formatRemotePath(path.names), { signal })
  } catch (error) {
    if (error instanceof ApiError && (error.status === 404 || error.code === 'not_a_folder')) return undefined
    throw error
  }
}

/** The folder at a path. @throws CliError when something else stands there. */
export async function folderAt(remote: RemoteDrive, path: RemotePath): Promise<Node> {
  const node = await nodeAt(remote, path)
  if (node.kind !== 'folder') throw notAFolder(path)
  return node
}

/** The file at a path. @throws CliError when it is a folder. */
export async function fileAt(remote: RemoteDrive, path: RemotePath): Promise<Node> {
  const node = await nodeAt(remote, path)
  if (node.kind !== 'file' || path.folder) {
    throw new CliError(EXIT.conflict, 'not_a_file', `${formatRemotePath(path.names)} is a folder`)
  }
  return node
}

/** The folder at a path; what is missing of it is made. */
export async function ensureFolder(remote: RemoteDrive, path: RemotePath): Promise<Node> {
  const found = await findNode(remote, path)
  if (found !== undefined) {
    if (found.kind !== 'folder') throw notAFolder(path)
    return found
  }
  const parent = await ensureFolder(remote, { names: path.names.slice(0, -1), folder: true })
  const { client, drive, signal } = remote
  return client.nodes.makeFolder(drive, { parentId: parent.id, name: path.names.at(-1) ?? '' }, { signal })
}

export const notAFolder = (path: RemotePath) =>
  new CliError(EXIT.conflict, 'not_a_folder', `${formatRemotePath(path.names)} is not a folder`)
