import type { UploadContext } from '../context.ts'
import type { HeldLock } from '../lock/held-lock.ts'
import { removeSession } from '../store/transitions.ts'
import type { Session } from './session.ts'

/** Forgets a session and the bytes only it holds. A committed file is not touched. */
export const cancelUpload = async (
  context: UploadContext,
  lock: HeldLock,
  { target, uploadId }: Session
): Promise<void> => {
  await context.storage.abortUpload({ vaultId: target.vaultId, uploadId })
  await removeSession(context.database.query, lock.token)
}
