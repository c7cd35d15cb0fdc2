import { CairnError } from '@cairn/contracts'
import type { UploadContext } from '../context.ts'
import { findByClientKey, insertSession, touchSession } from '../store/sessions.ts'
import { authorizeWrite } from './authorize.ts'
import { cancelUpload } from './cancel.ts'
import { assertRoom, storageLeaseSeconds } from './create.ts'
import type { Session, Target } from './session.ts'

export interface OpenChunked {
  readonly userId: string
  readonly deviceId: string
  readonly drive: string
  readonly clientKey: string
}

export interface OpenedChunked {
  readonly session: Session
  readonly profile: number
  readonly chunkingKey: Uint8Array
}

/** For a whole drive; the target's parent is its root. Opens an upload or finds the one the client opened under that key before. */
export const openChunkedUpload = async (context: UploadContext, request: OpenChunked): Promise<OpenedChunked> => {
  const { userId, drive } = request
  const target = await authorizeWrite(context, userId, { drive })
  const { vaultId } = target
  const { profile, chunkingKey } = await context.storage.getVault({ vaultId })
  const session = await findOrCreate(context, request, target)
  await context.storage.openUpload({ vaultId, uploadId: session.uploadId, leaseSeconds: storageLeaseSeconds(context) })
  return { session, profile, chunkingKey }
}

const findOrCreate = async (context: UploadContext, request: OpenChunked, target: Target): Promise<Session> => {
  const { database, config } = context
  const { userId, deviceId, clientKey } = request
  const key = { userId, driveId: target.driveId, clientKey }
  const known = await findByClientKey(database.query, key)
  if (known !== undefined && !known.expired) {
    const renewed = await touchSession(database.query, known, { leaseSeconds: config.leaseSeconds, bytes: 0 })
    return renewed ?? known
  }
  if (known !== undefined) await retire(context, known)
  await assertRoom(context, userId)
  const created = await insertSession(database.query, {
    userId,
    deviceId,
    uploadId: context.random.uuid(),
    kind: 'chunked',
    state: 'open',
    target: { ...target, nodeId: undefined, name: '' },
    length: undefined,
    byteLimit: config.maxBytes,
    clientKey,
    leaseSeconds: config.leaseSeconds
  })
  const session = created ?? (await findByClientKey(database.query, key))
  if (session === undefined) throw new CairnError('conflict', 'The upload was opened and closed at the same time.')
  return session
}

/** An expired session gives its key back at once instead of waiting for the job. */
const retire = async (context: UploadContext, session: Session): Promise<void> => {
  const lock = await context.locks.tryAcquire(session)
  if (lock === undefined) return
  try {
    await cancelUpload(context, lock, session)
  } finally {
    await lock.release()
  }
}
