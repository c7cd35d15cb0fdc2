import type { Cache } from '@cairn/cache'
import type { Database } from '@cairn/database'
import type { Clock, Logger, Random } from '@cairn/runtime'
import type { UploadTables } from '../db/tables.ts'
import type { Session, SessionKey } from '../domain/session.ts'
import { lockTaken, uploadNotFound } from '../errors.ts'
import { LOCK_SECONDS, takeLock, wishForLock } from '../store/locks.ts'
import { type HeldLock, holdLock } from './held-lock.ts'
import { createHolders, type Urgency } from './holders.ts'
import { createReleaseChannel } from './release-channel.ts'

export interface LockKeeperDependencies {
  readonly database: Database<UploadTables>
  readonly cache: Cache
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
}

export interface LockRequest {
  readonly key: SessionKey
  readonly urgency: Urgency
  readonly signal: AbortSignal
}

export interface LockKeeper {
  /** `locked` when the holder does not let go within five seconds, `not_found` when there is no session. */
  acquire(request: LockRequest): Promise<HeldLock>
  /** Without waiting or asking; undefined when it is held or gone. */
  tryAcquire(key: SessionKey): Promise<HeldLock | undefined>
  start(): Promise<void>
  stop(): Promise<void>
}

const WAIT_MS = LOCK_SECONDS * 1000 + 1000
const ASK_EVERY_MS = 500
const FIRST_POLL_MS = 25
const LAST_POLL_MS = 250

/**
 * One writer per session, across processes: a row with owner, fence and expiry is the lock, wishes for
 * it included. Publish/subscribe only makes the hand-over faster.
 */
export const createLockKeeper = (dependencies: LockKeeperDependencies): LockKeeper => {
  const { database, cache, clock, random, logger } = dependencies
  const holders = createHolders(clock)
  const channel = createReleaseChannel(cache, holders, logger)

  const hold = (session: Session): HeldLock => holdLock({ session, holders, ...dependencies })

  return {
    start: channel.start,
    stop: channel.stop,
    tryAcquire: async (key) => {
      const attempt = await takeLock(database.query, key, random.uuid())
      return attempt.outcome === 'taken' ? hold(attempt.session) : undefined
    },
    acquire: async ({ key, urgency, signal }) => {
      const owner = random.uuid()
      const giveUpAt = clock.now() + WAIT_MS
      let askAt = 0
      for (let pause = FIRST_POLL_MS; ; pause = Math.min(pause * 2, LAST_POLL_MS)) {
        const attempt = await takeLock(database.query, key, owner)
        if (attempt.outcome === 'taken') return hold(attempt.session)
        if (attempt.outcome === 'absent') throw uploadNotFound()
        if (clock.now() >= giveUpAt) throw lockTaken()
        if (clock.now() >= askAt) {
          askAt = clock.now() + ASK_EVERY_MS
          await Promise.all([wishForLock(database.query, key, urgency), channel.ask(key.uploadId, urgency)])
        }
        await clock.sleep(pause, signal)
      }
    }
  }
}
