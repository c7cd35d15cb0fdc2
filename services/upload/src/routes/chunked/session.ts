import { CairnError } from '@cairn/contracts'
import type { UploadContext } from '../../context.ts'
import type { Session } from '../../domain/session.ts'
import { uploadExpired, uploadNotFound } from '../../errors.ts'
import { findSession, touchSession } from '../../store/sessions.ts'
import { parseUploadId } from '../upload-id.ts'

export interface ChunkedRef {
  readonly userId: string
  readonly drive: string
  readonly id: string
}

/** The caller's open chunked upload in that drive; renews its lease. */
export const useChunkedSession = async (
  context: UploadContext,
  { userId, drive, id }: ChunkedRef,
  bytes = 0
): Promise<Session> => {
  const key = { userId, uploadId: parseUploadId(id) }
  const activity = { leaseSeconds: context.config.leaseSeconds, bytes }
  const session = await touchSession(context.database.query, key, activity)
  if (session === undefined) {
    const known = await findSession(context.database.query, key)
    throw known?.kind === 'chunked' ? uploadExpired() : uploadNotFound()
  }
  const here = drive === 'personal' || drive === session.target.driveId
  if (session.kind !== 'chunked' || !here) throw uploadNotFound()
  if (session.state !== 'open') throw new CairnError('upload_expired', 'This upload is not open any more.')
  return session
}
