import { BlobError } from '@cairn/blob-store'
import { CairnError } from '@cairn/contracts'
import { DatabaseError } from '@cairn/database'

/** What a failed backend means to whoever waits for the bytes. */
export const storageFailure = (error: unknown): CairnError => {
  if (error instanceof CairnError) return error
  if (error instanceof BlobError && error.code === 'no_space') return diskFull(error)
  if (error instanceof DatabaseError && error.code === 'disk_full') return diskFull(error)
  if (error instanceof BlobError || error instanceof DatabaseError) {
    return new CairnError('unavailable', 'Storage cannot be reached now; try again.', { cause: error, retryAfter: 2 })
  }
  return new CairnError('internal', 'The content could not be stored.', { cause: error })
}

export const diskFull = (cause?: unknown): CairnError =>
  new CairnError('disk_full', 'The server has no space left. What was stored so far is kept; try again later.', {
    cause,
    retryAfter: 60
  })

/** A lease ran out while the bytes were on their way; nothing was kept. */
export const tooSlow = (): CairnError =>
  new CairnError('unavailable', 'The server was too slow to store this; send it again.', { retryAfter: 1 })
