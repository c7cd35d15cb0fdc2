import type { Cache } from '@cairn/cache'
import type { Clock, Logger } from '@cairn/runtime'

export interface RateLimiter {
  /** Counts one request; the seconds to wait when the limit is passed, else undefined. */
  hit(key: string): number | undefined
}

export interface RateLimiterOptions {
  /** Shared counters of all gateways. */
  readonly cache: Cache
  readonly clock: Clock
  readonly logger: Logger
  /** Prefix of the counters, e.g. "gateway.address". */
  readonly name: string
  /** Requests per window. */
  readonly limit: number
  readonly windowMs: number
}

interface Counter {
  /** Requests in this window as the shared counter knew them last, ours and others'. */
  shared: number
  /** Ours that the shared counter does not know yet. */
  pending: number
  windowEndsAt: number
  syncedAt: number
  syncing: boolean
}

const MAX_COUNTERS = 50_000
const SYNC_INTERVAL_MS = 1000
/** A gateway tells the others after this share of the limit at the latest. */
const SYNC_SHARE = 0.05

/**
 * Decides from a local count, at once, and settles it with the shared counter in the background: several
 * gateways together overshoot by a little, and with the cache down each limits what it sees itself.
 */
export const createRateLimiter = (options: RateLimiterOptions): RateLimiter => {
  const { cache, clock, limit, windowMs } = options
  const counters = new Map<string, Counter>()
  const batch = Math.max(1, Math.floor(limit * SYNC_SHARE))

  const counterOf = (key: string, now: number): Counter => {
    const known = counters.get(key)
    if (known !== undefined && now < known.windowEndsAt) return known
    counters.delete(key)
    if (counters.size >= MAX_COUNTERS) forgetOldest(counters)
    const counter = { shared: 0, pending: 0, windowEndsAt: now + windowMs, syncedAt: now, syncing: false }
    counters.set(key, counter)
    return counter
  }

  const sync = async (key: string, counter: Counter): Promise<void> => {
    const amount = counter.pending
    counter.syncing = true
    try {
      const { value, resetMs } = await cache.increment(`limit.${options.name}.${key}`, amount, windowMs)
      counter.pending -= amount
      counter.shared = value
      counter.windowEndsAt = clock.now() + resetMs
    } catch (error) {
      options.logger.debug({ err: error }, 'the shared rate limit cannot be reached')
    } finally {
      counter.syncedAt = clock.now()
      counter.syncing = false
    }
  }

  return {
    hit: (key) => {
      const now = clock.now()
      const counter = counterOf(key, now)
      counter.pending += 1
      const due = counter.pending >= batch || now - counter.syncedAt >= SYNC_INTERVAL_MS
      if (due && !counter.syncing) void sync(key, counter)
      return counter.shared + counter.pending > limit ? Math.ceil((counter.windowEndsAt - now) / 1000) : undefined
    }
  }
}

/** Insertion order is the order in which windows began. */
const forgetOldest = (counters: Map<string, Counter>): void => {
  const [oldest] = counters.keys()
  if (oldest !== undefined) counters.delete(oldest)
}
