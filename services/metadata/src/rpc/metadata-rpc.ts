import { MetadataService } from '@cairn/contracts'
import { bindRpc, type RpcBinding } from '@cairn/service'
import { checkTree } from '../check/check-tree.ts'
import type { MetadataContext } from '../context.ts'
import { invalid, toPublicError } from '../errors.ts'
import { fenceVersions } from '../store/fence-versions.ts'
import { readAllVersions } from '../store/read-versions.ts'
import { parseUuid } from '../uuid.ts'
import { authorizeRead } from './authorize-read.ts'
import { authorizeVersions } from './authorize-versions.ts'
import { authorizeWrite } from './authorize-write.ts'
import { commit } from './commit.ts'
import { listContents } from './list-contents.ts'

const MAX_FENCED = 10_000
const MAX_LISTED = 10_000
const FIRST_UUID = '00000000-0000-0000-0000-000000000000'

export const metadataRpc = (context: MetadataContext): RpcBinding =>
  bindRpc(MetadataService, {
    authorizeWrite: (request) => answer(authorizeWrite(context, request)),
    authorizeRead: (request) => answer(authorizeRead(context, request)),
    authorizeVersions: (request) => answer(authorizeVersions(context, request)),
    listContents: (request) => answer(listContents(context, request)),
    commit: (request) => answer(commit(context, request)),
    fenceVersions: async (request) => {
      const vaultId = parseUuid(request.vaultId, 'vault_id')
      if (request.versionIds.length > MAX_FENCED) throw invalid(`At most ${MAX_FENCED} ids at once`)
      const versionIds = request.versionIds.map((id) => parseUuid(id, 'version_id'))
      const fence = { versionIds, at: context.clock.now() }
      return { committed: [...(await answer(fenceVersions(context.database, vaultId, fence)))] }
    },
    listVersions: async (request) => {
      const vaultId = parseUuid(request.vaultId, 'vault_id')
      const after = request.afterVersionId === '' ? FIRST_UUID : parseUuid(request.afterVersionId, 'after_version_id')
      const limit = Math.min(Math.max(1, request.limit || MAX_LISTED), MAX_LISTED)
      const versions = await answer(readAllVersions(context.database.query, vaultId, { after, limit }))
      return {
        versions: versions.map(({ id, manifestId, size, nodeId }) => ({
          versionId: id,
          manifestId,
          size: BigInt(size),
          nodeId
        }))
      }
    },
    checkTree: (request) => answer(checkTree(context.database, parseUuid(request.vaultId, 'vault_id')))
  })

const answer = async <T>(work: Promise<T>): Promise<T> => {
  try {
    return await work
  } catch (error) {
    throw toPublicError(error)
  }
}
