import type { MessageInitShape } from '@bufbuild/protobuf'
import type { metadataV1 } from '@cairn/contracts'
import type { MetadataContext } from '../context.ts'
import { invalid } from '../errors.ts'
import { readVersionsInDrive } from '../store/read-contents.ts'
import { parseUuid } from '../uuid.ts'

type Response = MessageInitShape<typeof metadataV1.AuthorizeVersionsResponseSchema>

const MAX_VERSIONS = 10_000

/** Every member of a drive may read all of it, old versions and the trash included. */
export const authorizeVersions = async (
  context: MetadataContext,
  request: metadataV1.AuthorizeVersionsRequest
): Promise<Response> => {
  if (request.versionIds.length > MAX_VERSIONS) throw invalid(`At most ${MAX_VERSIONS} versions at once`)
  const versionIds = request.versionIds.map((id) => parseUuid(id, 'version_ids'))
  const drive = await context.findDrive(parseUuid(request.userId, 'user_id'), request.drive)
  const found = await readVersionsInDrive(context.database.query, drive, versionIds)
  return {
    vaultId: drive.vaultId,
    versions: found.map((row) => ({
      versionId: row.version_id,
      manifestId: row.manifest_id,
      size: BigInt(row.size)
    }))
  }
}
