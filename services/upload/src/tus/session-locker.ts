import type { Lock, Locker } from '@tus/server'
import type { UploadContext } from '../context.ts'
import type { TusCalls } from './call.ts'

/**
 * The library's view of the session lock. A session being created has no row to lock yet: the data
 * store takes its lock right after inserting it.
 */
export const createSessionLocker = (context: UploadContext, calls: TusCalls): Locker => ({
  newLock: (uploadId: string): Lock => ({
    lock: async () => {
      const call = calls.current()
      if (call.method === 'POST') return
      const key = { userId: call.userId, uploadId }
      const lock = await context.locks.acquire({ key, urgency: call.urgency, signal: call.signal })
      call.lock = lock
      call.session = lock.session
    },
    unlock: async () => {
      await calls.current().lock?.release()
    }
  })
})
