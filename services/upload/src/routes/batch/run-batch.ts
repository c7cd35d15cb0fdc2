import type { PlainFrame } from '@cairn/chunking'
import { CairnError, type metadataV1 } from '@cairn/contracts'
import type { Identity } from '@cairn/identity'
import type { UploadContext } from '../../context.ts'
import { authorizeWrite } from '../../domain/authorize.ts'
import { commitOperations, countFiles, releaseUnused } from '../../domain/commit.ts'
import { badRequest } from '../../errors.ts'
import type { BatchOperation, BatchPut } from './operations.ts'
import { type PutContentRef, putOperation, treeOperation } from './to-operation.ts'

export interface Batch {
  readonly identity: Identity
  readonly drive: string
  readonly frames: readonly PlainFrame[]
  readonly operations: readonly BatchOperation[]
}

export interface BatchOutcome {
  readonly driveId: string
  readonly results: metadataV1.OperationResult[]
}

const EMPTY = new Uint8Array(0)

/** Stores all contents at once, then commits all operations at once. */
export const runBatch = async (context: UploadContext, batch: Batch): Promise<BatchOutcome> => {
  const { identity, drive, frames, operations } = batch
  const puts = operations.filter((operation) => operation.op === 'put')
  assertPuts(puts, frames.length)
  const { vaultId, driveId, parentId: rootId } = await authorizeWrite(context, identity.userId, { drive })
  const contents = await storeContents(context, vaultId, { puts, frames })
  const defaults = { rootId: rootId ?? '', now: context.clock.now() }
  const wanted = operations.map((operation) =>
    operation.op === 'put'
      ? putOperation(operation, contentOf(contents, operation), defaults)
      : treeOperation(operation, defaults)
  )
  const { userId, credentialId: deviceId } = identity
  const results = await commitOperations(context, { userId, driveId, deviceId, operations: wanted })
  countFiles(context, 'batch', { operations: wanted, results })
  const used = new Set(results.map((result) => result.node?.versionId))
  const unused = [...contents.values()].map(({ versionId }) => versionId).filter((id) => !used.has(id))
  await releaseUnused(context, vaultId, unused)
  return { driveId, results }
}

const assertPuts = (puts: readonly BatchPut[], frameCount: number): void => {
  for (const { nodeId, parentId, name, frame } of puts) {
    const byName = name !== undefined && nodeId === undefined
    const byId = nodeId !== undefined && name === undefined && parentId === undefined
    if (!byName && !byId) throw badRequest('A put has either a nodeId, or a name (with parentId).')
    if (frame !== undefined && frame >= frameCount) throw badRequest('A put names a frame that was not sent.')
  }
}

const storeContents = async (
  context: UploadContext,
  vaultId: string,
  { puts, frames }: { puts: readonly BatchPut[]; frames: readonly PlainFrame[] }
): Promise<ReadonlyMap<string, PutContentRef>> => {
  if (puts.length === 0) return new Map()
  const contents = puts.map(({ frame }) => ({
    referenceId: context.random.uuid(),
    bytes: (frame === undefined ? undefined : frames[frame]?.bytes) ?? EMPTY
  }))
  const stored = await context.storageData.putMany(vaultId, contents, context.stopping)
  context.events.received(
    'batch',
    contents.reduce((sum, { bytes }) => sum + bytes.length, 0)
  )
  const byReference = new Map(stored.map((content) => [content.referenceId, content]))
  return new Map(
    puts.map(({ opId }, index) => {
      const versionId = contents[index]?.referenceId ?? ''
      const content = byReference.get(versionId)
      if (content === undefined) throw new CairnError('internal', 'A content was not stored.')
      return [opId, { versionId, manifestId: content.manifestId, size: content.size }]
    })
  )
}

const contentOf = (contents: ReadonlyMap<string, PutContentRef>, { opId }: BatchPut): PutContentRef => {
  const content = contents.get(opId)
  if (content === undefined) throw new CairnError('internal', 'A put has no content.')
  return content
}
