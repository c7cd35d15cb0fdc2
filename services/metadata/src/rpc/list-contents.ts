import type { MessageInitShape } from '@bufbuild/protobuf'
import { CairnError, type metadataV1 } from '@cairn/contracts'
import type { MetadataContext } from '../context.ts'
import { invalid, notFound } from '../errors.ts'
import type { DriveKey, Queryable } from '../store/database.ts'
import { readDrive } from '../store/drives.ts'
import { type ContentRow, readChildrenOf, readSelected, type Selected } from '../store/read-contents.ts'
import { parseUuid } from '../uuid.ts'

type Response = MessageInitShape<typeof metadataV1.ListContentsResponseSchema>

const MAX_SELECTED = 1000
const MAX_LISTED = 1_000_000

/** One snapshot: what moves while it is read is seen once, where it was. */
export const listContents = async (
  context: MetadataContext,
  request: metadataV1.ListContentsRequest
): Promise<Response> => {
  const key = await context.findDrive(parseUuid(request.userId, 'user_id'), request.drive)
  if (request.nodeIds.length > MAX_SELECTED) throw invalid(`At most ${MAX_SELECTED} nodes at once`)
  if (request.limit < 1 || request.limit > MAX_LISTED) throw invalid('The limit is out of range')
  const wanted = request.nodeIds.map((id) => parseUuid(id, 'node_ids'))
  return await context.database.transaction(
    async (tx) => {
      const drive = await readDrive(tx, key)
      if (drive === undefined) throw notFound()
      const selected = await select(tx, key, wanted.length === 0 ? [drive.rootId] : wanted)
      const below = await descend(tx, key, { from: selected, limit: request.limit - selected.length })
      return {
        vaultId: key.vaultId,
        driveId: key.driveId,
        driveName: drive.name,
        folderName: await commonFolderName(tx, key, selected),
        nodes: [...selected, ...below].map(describe)
      }
    },
    { isolation: 'repeatable read', readOnly: true }
  )
}

/** The nodes as asked for, less those below another of them. */
const select = async (db: Queryable, key: DriveKey, wanted: readonly string[]): Promise<readonly Selected[]> => {
  const distinct = [...new Set(wanted)]
  const found = await readSelected(db, key, distinct)
  const selected = distinct.map((id) => {
    const node = found.get(id)
    if (node === undefined) throw notFound()
    return node
  })
  return selected.filter(({ ancestors }) => !ancestors.some((id) => found.has(id)))
}

const descend = async (
  db: Queryable,
  key: DriveKey,
  walk: { readonly from: readonly ContentRow[]; readonly limit: number }
): Promise<readonly ContentRow[]> => {
  const found: ContentRow[] = []
  if (walk.limit < 0) throw tooMany()
  for (let folderIds = foldersOf(walk.from); folderIds.length > 0; ) {
    const limit = walk.limit - found.length
    const level = await readChildrenOf(db, key, { folderIds, limit })
    if (level.length > limit) throw tooMany()
    for (const row of level) found.push(row)
    folderIds = foldersOf(level)
  }
  return found
}

const foldersOf = (rows: readonly ContentRow[]): string[] =>
  rows.filter(({ kind }) => kind === 'folder').map((row) => row.node_id)

const tooMany = (): CairnError =>
  new CairnError('payload_too_large', 'There are too many files and folders in it; take a part of them')

const commonFolderName = async (db: Queryable, key: DriveKey, selected: readonly Selected[]): Promise<string> => {
  const [parentId, ...others] = new Set(selected.map((node) => node.parent_id))
  if (parentId === undefined || parentId === null || others.length > 0) return ''
  return (await readSelected(db, key, [parentId])).get(parentId)?.name ?? ''
}

const describe = (row: ContentRow) => ({
  nodeId: row.node_id,
  parentId: row.parent_id ?? '',
  name: row.name,
  versionId: row.kind === 'file' ? (row.version_id ?? '') : '',
  size: BigInt(row.size),
  mtimeMs: BigInt(row.mtime_ms)
})
