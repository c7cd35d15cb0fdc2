import type { Clock, Logger } from '@cairn/runtime'
import { LRUCache } from 'lru-cache'
import type { Cache } from '../cache.ts'
import { createChannels } from './channels.ts'

export interface MemoryCacheOptions {
  /** Entries and counters kept at most, each; the least recently used go first. Default 10000. */
  readonly maxEntries?: number
  /** UTF-16 units of keys and values kept at most. Default 16 Mi. */
  readonly maxLength?: number
  readonly clock: Clock
  readonly logger?: Logger
}

interface Entry {
  readonly value: string
  readonly expires: number
}

interface Counter {
  value: number
  readonly expires: number
}

/** The cache of a single process: bounded, asynchronous like a remote one, strings only. */
export const createMemoryCache = ({ clock, logger, ...limits }: MemoryCacheOptions): Cache => {
  const maxEntries = limits.maxEntries ?? 10_000
  const maxLength = limits.maxLength ?? 16 * 1024 * 1024
  const entries = new LRUCache<string, Entry>({
    max: maxEntries,
    maxSize: maxLength,
    maxEntrySize: Math.ceil(maxLength / 16),
    sizeCalculation: (entry, key) => key.length + entry.value.length + 1
  })
  // Counters guard logins and rates: values must not be able to push them out.
  const counters = new LRUCache<string, Counter>({ max: maxEntries })
  const channels = createChannels(logger)
  let closed = false

  const reply = async (): Promise<void> => {
    if (closed) throw new Error('the cache is closed')
    await undefined
  }

  return {
    get: async (key) => {
      await reply()
      const entry = entries.get(key)
      if (entry === undefined) return undefined
      if (entry.expires > clock.now()) return entry.value
      entries.delete(key)
      return undefined
    },
    set: async (key, value, ttlMs) => {
      assertDuration('ttlMs', ttlMs)
      await reply()
      entries.set(key, { value, expires: clock.now() + ttlMs })
    },
    delete: async (key) => {
      await reply()
      entries.delete(key)
    },
    increment: async (key, by, windowMs) => {
      assertDuration('windowMs', windowMs)
      await reply()
      const now = clock.now()
      const known = counters.get(key)
      const counter = known !== undefined && known.expires > now ? known : { value: 0, expires: now + windowMs }
      counter.value += by
      counters.set(key, counter)
      return { value: counter.value, resetMs: counter.expires - now }
    },
    publish: async (channel, message) => {
      await reply()
      channels.publish(channel, message)
    },
    subscribe: async (channel, handler) => {
      await reply()
      return channels.subscribe(channel, handler)
    },
    check: async (signal) => {
      signal?.throwIfAborted()
      await reply()
    },
    [Symbol.asyncDispose]: async () => {
      closed = true
      entries.clear()
      counters.clear()
      channels.close()
    }
  }
}

const assertDuration = (name: string, value: number): void => {
  if (!Number.isFinite(value) || value <= 0) throw new RangeError(`${name} must be a positive number of milliseconds`)
}
