import type { Cache } from '@cairn/cache'
import type { Logger } from '@cairn/runtime'
import type { Holders, Urgency } from './holders.ts'

const CHANNEL = 'upload.release'

/**
 * Asks whoever holds a lock, here or in another replica, to let go at once. A lost message costs a
 * second: the same wish stands in the lock's row.
 */
export const createReleaseChannel = (cache: Cache, holders: Holders, logger: Logger) => {
  let unsubscribe: (() => Promise<void>) | undefined
  return {
    start: async () => {
      unsubscribe = await cache.subscribe(CHANNEL, (message) => {
        const [urgency, uploadId] = message.split(' ')
        if (uploadId !== undefined) holders.ask(uploadId, urgency === 'urgent' ? 'urgent' : 'polite')
      })
    },
    stop: async () => {
      await unsubscribe?.()
    },
    ask: async (uploadId: string, urgency: Urgency) => {
      holders.ask(uploadId, urgency)
      try {
        await cache.publish(CHANNEL, `${urgency} ${uploadId}`)
      } catch (error) {
        logger.warn({ err: error }, 'release request could not be published')
      }
    }
  }
}
