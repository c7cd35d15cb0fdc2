import type { BlobStore } from '@cairn/blob-store'
import type { Clock } from '@cairn/runtime'

/** Stops taking bytes before the disk is full: PostgreSQL beside us needs room to stay alive. */
export interface SpaceGuard {
  enough(): Promise<boolean>
}

const FRESH_MILLISECONDS = 1000

export const createSpaceGuard = (options: { blobs: BlobStore; clock: Clock; reserveBytes: number }): SpaceGuard => {
  let checkedAt = Number.NEGATIVE_INFINITY
  let free: Promise<number | undefined> = Promise.resolve(undefined)
  return {
    enough: async () => {
      const now = options.clock.now()
      if (now - checkedAt > FRESH_MILLISECONDS || now < checkedAt) {
        checkedAt = now
        free = options.blobs.freeBytes()
      }
      const bytes = await free
      return bytes === undefined || bytes >= options.reserveBytes
    }
  }
}
