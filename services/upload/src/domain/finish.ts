import { CairnError } from '@cairn/contracts'
import type { UploadContext } from '../context.ts'
import { incomplete, isDefinitive } from '../errors.ts'
import type { HeldLock } from '../lock/held-lock.ts'
import { beginFinish, markDone, markRefused } from '../store/transitions.ts'
import { appliedNode, commitOperations, type OperationInit } from './commit.ts'
import { type Finished, finishedResult, type Session } from './session.ts'

/**
 * Makes a complete stream a version, under the session's lock. Any number of repetitions, also by
 * another process after a crash, end in the same version.
 */
export const finishUpload = async (context: UploadContext, lock: HeldLock, session: Session): Promise<Finished> => {
  const earlier = finishedResult(session)
  if (earlier) return earlier
  if (session.length === undefined || session.durable !== session.length) await assertComplete(context, session)
  const finished = await commitUnderIds(context, lock, session)
  await markDone(context.database.query, lock.token, finished)
  context.events.committed('tus', 1)
  await dropPins(context, session)
  return finished
}

const assertComplete = async (context: UploadContext, { target, uploadId, length }: Session): Promise<void> => {
  const { durableOffset } = await context.storage.getUpload({ vaultId: target.vaultId, uploadId })
  if (Number(durableOffset) !== length) throw incomplete(Number(durableOffset))
}

/** An unknown outcome is repeated under its own ids; anything else starts afresh. */
const commitUnderIds = async (context: UploadContext, lock: HeldLock, session: Session): Promise<Finished> => {
  const { random, database } = context
  const begin = (ids: { versionId: string; opId: string }) => beginFinish(database.query, lock.token, ids)
  const freshIds = () => ({ versionId: random.uuid(), opId: random.uuid() })
  const { state, versionId, opId } = session
  if (state === 'finishing' && versionId !== undefined && opId !== undefined) {
    try {
      return await sealAndCommit(context, lock, await begin({ versionId, opId }))
    } catch (error) {
      // Left alone for so long that the reconciler has abandoned the version id.
      if (!(error instanceof CairnError && error.code === 'conflict')) throw error
    }
  }
  return await sealAndCommit(context, lock, await begin(freshIds()))
}

const sealAndCommit = async (context: UploadContext, lock: HeldLock, session: Session): Promise<Finished> => {
  const { versionId } = session
  if (versionId === undefined) throw new CairnError('internal', 'A finishing upload has no version id.')
  try {
    const { items } = await context.storage.seal({
      vaultId: session.target.vaultId,
      uploadId: session.uploadId,
      items: [{ referenceId: versionId, stream: true }],
      close: false
    })
    const [sealed] = items
    if (sealed === undefined || Number(sealed.size) !== session.length) {
      throw new CairnError('internal', 'The sealed content has another size than the upload.')
    }
    const [result] = await commitOperations(context, {
      userId: session.userId,
      driveId: session.target.driveId,
      deviceId: session.deviceId,
      operations: [putOperation(session, sealed.manifestId)]
    })
    const node = appliedNode(result)
    return { nodeId: node.nodeId, versionId: node.versionId }
  } catch (error) {
    if (isDefinitive(error)) {
      context.events.refused('tus', error.code)
      await markRefused(context.database.query, lock.token, error.code)
    }
    throw error
  }
}

const putOperation = (session: Session, manifestId: Uint8Array): OperationInit => ({
  opId: session.opId ?? '',
  kind: {
    case: 'putFile',
    value: {
      nodeId: session.target.nodeId ?? '',
      parentId: session.target.nodeId === undefined ? (session.target.parentId ?? '') : '',
      name: session.target.nodeId === undefined ? session.target.name : '',
      versionId: session.versionId ?? '',
      manifestId,
      size: BigInt(session.length ?? 0),
      mtimeMs: BigInt(session.mtimeMs ?? session.createdAt.getTime()),
      onConflict: session.onConflict
    }
  }
})

/** The version's reference holds the content now. What is missed here ends with the lease. */
const dropPins = async (context: UploadContext, { target, uploadId }: Session): Promise<void> => {
  try {
    await context.storage.abortUpload({ vaultId: target.vaultId, uploadId })
  } catch (error) {
    context.logger.warn({ err: error, uploadId }, 'pins of a finished upload are left to their lease')
  }
}
