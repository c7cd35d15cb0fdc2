import type { MessageInitShape } from '@bufbuild/protobuf'
import { CairnError, isErrorCode, type metadataV1 } from '@cairn/contracts'
import type { UploadContext } from '../context.ts'
import type { Door } from '../events.ts'

export type OperationInit = MessageInitShape<typeof metadataV1.OperationSchema>

export interface CommitInput {
  readonly userId: string
  readonly driveId: string
  readonly deviceId: string
  readonly operations: OperationInit[]
}

/** One result per operation, in order. Throws only when nothing could be judged at all. */
export const commitOperations = async (
  context: UploadContext,
  { userId, driveId, deviceId, operations }: CommitInput
): Promise<metadataV1.OperationResult[]> => {
  const answer = await context.metadata.commit({ userId, drive: driveId, deviceId, operations, atomic: false })
  if (answer.results.length !== operations.length) {
    throw new CairnError('internal', 'The commit answered another number of operations.')
  }
  return answer.results
}

/** Counts the files among the judged operations of one request. */
export const countFiles = (
  context: UploadContext,
  door: Door,
  judged: { operations: readonly OperationInit[]; results: readonly metadataV1.OperationResult[] }
): void => {
  const files = judged.results.filter((_, index) => judged.operations[index]?.kind?.case === 'putFile')
  const refused = files.filter(({ errorCode }) => errorCode !== '')
  context.events.committed(door, files.length - refused.length)
  for (const { errorCode } of refused) context.events.refused(door, errorCode)
}

/** The node of an applied operation. Throws a refused one's error. */
export const appliedNode = (result: metadataV1.OperationResult | undefined): metadataV1.NodeState => {
  if (result === undefined) throw new CairnError('internal', 'The commit answered nothing.')
  if (result.errorCode !== '') throw refusal(result)
  if (result.node === undefined) throw new CairnError('internal', 'The commit answered without a node.')
  return result.node
}

export const refusal = (result: metadataV1.OperationResult): CairnError =>
  new CairnError(isErrorCode(result.errorCode) ? result.errorCode : 'conflict', result.errorMessage)

/**
 * Gives back references that no version will ever name, so that their content need not wait for the
 * reconciler. Only for ids whose commit was judged.
 */
export const releaseUnused = async (context: UploadContext, vaultId: string, referenceIds: string[]): Promise<void> => {
  if (referenceIds.length === 0) return
  try {
    await context.storage.releaseReferences({ vaultId, referenceIds })
  } catch (error) {
    context.logger.warn({ err: error, vaultId }, 'unused content is left to the reconciler')
  }
}
