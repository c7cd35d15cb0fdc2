import { CairnError } from '@cairn/contracts'
import type { UploadContext } from '../context.ts'
import { countOpenSessions, insertSession, type NewSession } from '../store/sessions.ts'
import type { Session } from './session.ts'

/** Storage's lease outlives the session's, so that only one of the two has to be watched. */
const STORAGE_LEASE_MARGIN_SECONDS = 3600

export const storageLeaseSeconds = (context: UploadContext): number =>
  context.config.leaseSeconds + STORAGE_LEASE_MARGIN_SECONDS

/** Bytes may come from now on. A crash in between leaves a storage upload that runs out by itself. */
export const createStreamSession = async (context: UploadContext, session: NewSession): Promise<Session> => {
  await assertRoom(context, session.userId)
  await context.storage.openUpload({
    vaultId: session.target.vaultId,
    uploadId: session.uploadId,
    leaseSeconds: storageLeaseSeconds(context)
  })
  const created = await insertSession(context.database.query, session)
  if (created === undefined) throw new CairnError('internal', 'The upload could not be recorded.')
  return created
}

export const assertRoom = async ({ config, database }: UploadContext, userId: string): Promise<void> => {
  const open = await countOpenSessions(database.query, userId, config.maxOpenSessions)
  if (open < config.maxOpenSessions) return
  throw new CairnError('rate_limited', 'Too many unfinished uploads; finish or cancel some.', { retryAfter: 60 })
}
