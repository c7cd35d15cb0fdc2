import { CairnError } from '@cairn/contracts'
import { createCallSignal } from '@cairn/runtime'
import type { UploadContext } from '../context.ts'
import { incomplete, uploadExpired } from '../errors.ts'
import type { HeldLock } from '../lock/held-lock.ts'
import { findSession } from '../store/sessions.ts'
import { fixScratchReference, markAssembled } from '../store/transitions.ts'
import { cancelUpload } from './cancel.ts'
import { releaseUnused } from './commit.ts'
import { copied } from './copied.ts'
import type { Session } from './session.ts'

/**
 * Copies the finished parts of a concatenation, in order, into the final's own stream. The final's
 * durable offset says how far it got: after a crash the copy goes on there.
 */
export const assembleUpload = async (context: UploadContext, lock: HeldLock, final: Session): Promise<Session> => {
  let start = 0
  for (const uploadId of final.parts ?? []) {
    start += await copyPart(context, { lock, final, uploadId, start })
  }
  if (start !== final.length) throw new CairnError('internal', 'The parts have another length than announced.')
  const assembled = await markAssembled(context.database.query, lock.token)
  for (const uploadId of new Set(final.parts)) await dropPart(context, final.userId, uploadId)
  return assembled
}

interface PartCopy {
  readonly lock: HeldLock
  readonly final: Session
  readonly uploadId: string
  /** Where the part begins in the final. */
  readonly start: number
}

/** Returns the part's length. */
const copyPart = async (context: UploadContext, { lock, final, uploadId, start }: PartCopy): Promise<number> => {
  const key = { userId: final.userId, uploadId }
  const known = await findSession(context.database.query, key)
  if (known === undefined || known.expired) throw uploadExpired()
  if (known.length === undefined) throw incomplete(known.durable)
  const end = start + known.length
  const target = { vaultId: final.target.vaultId, uploadId: final.uploadId }
  const { durableOffset } = await context.storage.getUpload(target)
  const offset = Number(durableOffset)
  lock.settled(offset)
  if (offset >= end) return known.length

  const partLock = await context.locks.acquire({ key, urgency: 'urgent', signal: lock.stop })
  try {
    await appendPart(context, { lock, partLock, append: { ...target, offset, limit: end }, skip: offset - start })
  } finally {
    await partLock.release()
  }
  return known.length
}

interface PartAppend {
  readonly lock: HeldLock
  readonly partLock: HeldLock
  readonly append: { vaultId: string; uploadId: string; offset: number; limit: number }
  /** Bytes of the part that are there already. */
  readonly skip: number
}

const appendPart = async (context: UploadContext, { lock, partLock, append, skip }: PartAppend): Promise<void> => {
  using call = createCallSignal({ parents: [lock.stop, partLock.stop, context.stopping] })
  const part = await fixScratchReference(context.database.query, partLock.token, context.random.uuid())
  const { vaultId } = part.target
  const referenceId = part.versionId ?? ''
  const sealed = await context.storage.seal({
    vaultId,
    uploadId: part.uploadId,
    items: [{ referenceId, stream: true }],
    close: false
  })
  const content = sealed.items[0]
  if (content === undefined || Number(content.size) !== part.length) throw incomplete(Number(content?.size ?? 0))
  const source = { vaultId, manifestId: content.manifestId, start: skip, end: part.length }
  const { durableOffset, interrupted } = await context.storageData.append(
    { ...append, onDurable: (durable) => lock.settled(durable) },
    copied(context.storageData.read(source, call.signal)),
    call.signal
  )
  lock.settled(durableOffset)
  if (interrupted !== undefined) throw interrupted
  await releaseUnused(context, vaultId, [referenceId])
}

/** The final has its own copy now. What is missed here ends with the part's lease. */
const dropPart = async (context: UploadContext, userId: string, uploadId: string): Promise<void> => {
  const lock = await context.locks.tryAcquire({ userId, uploadId })
  if (lock === undefined) return
  try {
    await cancelUpload(context, lock, lock.session)
  } catch (error) {
    context.logger.warn({ err: error, uploadId }, 'a concatenated part is left to its lease')
  } finally {
    await lock.release()
  }
}
