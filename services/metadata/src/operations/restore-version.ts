import type { MetadataContext } from '../context.ts'
import type { Unit } from '../domain/operation.ts'
import { notFound } from '../errors.ts'
import type { DriveKey } from '../store/database.ts'
import { readVersion } from '../store/read-versions.ts'
import type { ApiOperationOf } from './api-operation.ts'
import { copyReferences } from './copy-references.ts'
import { singleUnit } from './expand.ts'

/** Restoring is an edit: a new version with the old one's content. The old one stays. */
export const prepareRestoreVersion = async (
  context: MetadataContext,
  key: DriveKey,
  operation: ApiOperationOf<'restore-version'>
): Promise<Unit> => {
  const version = await readVersion(context.database.query, key.vaultId, operation.versionId)
  if (version === undefined || version.nodeId !== operation.nodeId) throw notFound()
  const versionId = context.random.uuid()
  await copyReferences(context, key.vaultId, [{ from: version.id, to: versionId }])
  return singleUnit(operation, 'restore-version', {
    kind: 'put-file',
    newNodeId: versionId,
    target: { nodeId: operation.nodeId },
    content: { versionId, manifestId: version.manifestId, size: version.size, mtime: version.mtime },
    onConflict: 'version',
    expect: {}
  })
}
