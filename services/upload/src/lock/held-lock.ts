import type { Database } from '@cairn/database'
import type { Clock, Logger } from '@cairn/runtime'
import type { UploadTables } from '../db/tables.ts'
import type { Session } from '../domain/session.ts'
import { LOCK_SECONDS, type LockToken, type Progress, releaseLock, renewLock } from '../store/locks.ts'
import type { Holders } from './holders.ts'

export interface HeldLock {
  readonly token: LockToken
  /** As it was when the lock was taken. */
  readonly session: Session
  /** Aborts when the holder was asked to let go, or may no longer be sure that it holds the lock. */
  readonly stop: AbortSignal
  /** Bytes arrived, up to this offset: the holder is alive, and people who watch should know. */
  arrived(offset: number): void
  settled(durableOffset: number): void
  /** From now on the session's lease counts from the last renewal or release. */
  keepAlive(leaseSeconds: number): void
  release(): Promise<void>
}

interface HoldOptions {
  readonly session: Session
  readonly holders: Holders
  readonly database: Database<UploadTables>
  readonly clock: Clock
  readonly logger: Logger
}

const RENEW_MS = 1000

/** Renews a lock that was just taken until it is released. */
export const holdLock = ({ session, holders, database, clock, logger }: HoldOptions): HeldLock => {
  const token: LockToken = { userId: session.userId, uploadId: session.uploadId, fence: session.fence }
  const holder = { uploadId: session.uploadId, lastActivity: clock.now(), stop: new AbortController() }
  const released = new AbortController()
  let progress: Progress = { durable: undefined, received: undefined, leaseSeconds: undefined }
  holders.add(holder)

  const renewForEver = async (): Promise<void> => {
    let sureUntil = clock.now() + LOCK_SECONDS * 1000
    while (!released.signal.aborted) {
      await clock.sleep(RENEW_MS, released.signal)
      const startedAt = clock.now()
      try {
        const { held, wanted } = await renewLock(database.query, token, progress)
        if (!held) return holder.stop.abort()
        if (wanted !== undefined) holders.ask(token.uploadId, wanted)
        sureUntil = startedAt + LOCK_SECONDS * 1000
      } catch (error) {
        logger.warn({ err: error, uploadId: token.uploadId }, 'upload lock could not be renewed')
        if (clock.now() >= sureUntil) return holder.stop.abort()
      }
    }
  }
  renewForEver().catch(() => undefined) // only ever ends by release

  return {
    token,
    session,
    stop: holder.stop.signal,
    arrived: (offset) => {
      holder.lastActivity = clock.now()
      progress = { ...progress, received: offset }
    },
    settled: (durableOffset) => {
      holder.lastActivity = clock.now()
      progress = { ...progress, durable: durableOffset }
    },
    keepAlive: (leaseSeconds) => {
      progress = { ...progress, leaseSeconds }
    },
    release: async () => {
      if (released.signal.aborted) return
      released.abort()
      holders.remove(holder)
      try {
        await releaseLock(database.query, token, progress)
      } catch (error) {
        logger.warn({ err: error, uploadId: token.uploadId }, 'upload lock could not be released; it will run out')
      }
    }
  }
}
