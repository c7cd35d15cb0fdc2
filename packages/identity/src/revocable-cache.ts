import type { Clock } from '@cairn/runtime'
import { LRUCache } from 'lru-cache'

/** Answers of the auth service about one kind of credential, kept briefly and dropped when revoked. */
export interface RevocableCache<V> {
  /** The kept answer, or what `load` says; concurrent callers of one key share a load. */
  get(key: string, load: () => Promise<Fresh<V>>): Promise<V>
  /** Drops matching answers; loads under way are repeated. */
  drop(matches: (value: V) => boolean): void
}

export interface Fresh<V> {
  readonly value: V
  /** How long it may be kept; bounded by the cache's own limit. */
  readonly maxAgeMs: number
}

export interface RevocableCacheOptions {
  readonly clock: Clock
  readonly maxEntries: number
  /** An upper bound for the staleness of any answer, should a revocation message get lost. */
  readonly maxAgeMs: number
}

interface Entry<V> {
  readonly value: V
  readonly until: number
}

export const createRevocableCache = <V extends object>(options: RevocableCacheOptions): RevocableCache<V> => {
  const entries = new LRUCache<string, Entry<V>>({ max: options.maxEntries })
  const loading = new Map<string, Promise<V>>()
  let revocations = 0

  const loadFresh = async (key: string, load: () => Promise<Fresh<V>>): Promise<V> => {
    // An answer that was on its way while something was revoked may predate the revocation.
    for (let attempt = 0; ; attempt += 1) {
      const before = revocations
      const { value, maxAgeMs } = await load()
      if (before === revocations) {
        entries.set(key, { value, until: options.clock.now() + Math.min(maxAgeMs, options.maxAgeMs) })
        return value
      }
      if (attempt > 0) return value
    }
  }

  return {
    get: async (key, load) => {
      const entry = entries.get(key)
      if (entry !== undefined && options.clock.now() < entry.until) return entry.value
      const pending = loading.get(key)
      if (pending !== undefined) return pending
      const mine = loadFresh(key, load).finally(() => loading.delete(key))
      loading.set(key, mine)
      return mine
    },
    drop: (matches) => {
      revocations += 1
      for (const [key, entry] of entries.entries()) {
        if (matches(entry.value)) entries.delete(key)
      }
    }
  }
}
