import type { Logger } from '@cairn/runtime'

type Handler = (message: string) => void

/** Publish and subscribe within one process; messages arrive after publish has returned, in order. */
export interface Channels {
  publish(channel: string, message: string): void
  subscribe(channel: string, handler: Handler): () => Promise<void>
  close(): void
}

export const createChannels = (logger: Logger | undefined): Channels => {
  const channels = new Map<string, Set<{ handler: Handler }>>()

  const deliver = (channel: string, message: string) => {
    for (const subscriber of [...(channels.get(channel) ?? [])]) {
      try {
        subscriber.handler(message)
      } catch (error) {
        logger?.error({ channel, err: error }, 'a cache subscriber threw')
      }
    }
  }

  return {
    publish: (channel, message) => {
      if (channels.has(channel)) setImmediate(deliver, channel, message)
    },
    subscribe: (channel, handler) => {
      const subscriber = { handler }
      const subscribers = channels.get(channel) ?? new Set()
      channels.set(channel, subscribers.add(subscriber))
      return async () => {
        subscribers.delete(subscriber)
        if (subscribers.size === 0 && channels.get(channel) === subscribers) channels.delete(channel)
      }
    },
    close: () => channels.clear()
  }
}
