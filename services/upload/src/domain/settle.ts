import type { UploadContext } from '../context.ts'
import type { HeldLock } from '../lock/held-lock.ts'
import { assembleUpload } from './assemble.ts'
import { finishUpload } from './finish.ts'
import type { Finished, Session } from './session.ts'

/** Brings a session whose bytes are all on the server to its end, wherever it was interrupted. */
export const settleUpload = async (context: UploadContext, lock: HeldLock, session: Session): Promise<Finished> => {
  const stream = session.state === 'assembling' ? await assembleUpload(context, lock, session) : session
  return await finishUpload(context, lock, stream)
}
