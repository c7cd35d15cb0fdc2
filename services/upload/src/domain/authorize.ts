import type { UploadContext } from '../context.ts'
import { tooLarge } from '../errors.ts'
import type { Target } from './session.ts'

/** Where a user wants content to go. Without node, path and name: the drive (or `parentId`) as such. */
export interface Destination {
  /** Drive id or `personal`. */
  readonly drive: string
  readonly nodeId?: string | undefined
  readonly parentId?: string | undefined
  readonly name?: string | undefined
  /** Slash separated, relative to the drive's root. */
  readonly path?: string | undefined
  readonly makeParents?: boolean
  /** Bytes, if known. */
  readonly size?: number | undefined
}

export interface Authorized extends Target {
  /** The live file that stands there already. */
  readonly existing: { readonly nodeId: string; readonly versionId: string; readonly contentRev: number } | undefined
  /** What the vault and this server still take, in bytes. */
  readonly byteLimit: number
}

/** Asks metadata. Throws its refusals, and `payload_too_large` beyond this server's own limit. */
export const authorizeWrite = async (
  context: UploadContext,
  userId: string,
  destination: Destination
): Promise<Authorized> => {
  const { maxBytes } = context.config
  const { drive, nodeId, parentId, name, path, size } = destination
  if (size !== undefined && size > maxBytes) throw tooLarge(maxBytes)
  const answer = await context.metadata.authorizeWrite({
    userId,
    drive,
    place: { nodeId: nodeId ?? '', parentId: parentId ?? '', name: name ?? '', path: path ?? '' },
    makeParents: destination.makeParents ?? false,
    ...(size === undefined ? {} : { size: BigInt(size) })
  })
  const available = Number(answer.quotaAvailable)
  return {
    vaultId: answer.vaultId,
    driveId: answer.driveId,
    nodeId: nodeId === undefined ? undefined : answer.nodeId,
    parentId: answer.parentId || undefined,
    name: answer.name,
    existing: answer.nodeId
      ? { nodeId: answer.nodeId, versionId: answer.currentVersionId, contentRev: Number(answer.contentRev) }
      : undefined,
    byteLimit: available < 0 ? maxBytes : Math.min(maxBytes, available)
  }
}
