import type { Clock } from '@cairn/runtime'

export interface Count {
  readonly value: number
  readonly resetMs: number
}

/** Counters of this process alone, for when the shared ones cannot be reached. Bounded: the oldest go first. */
export interface LocalCounters {
  increment(key: string, by: number, windowMs: number): Count
}

const MAX_KEYS = 50_000

export const createLocalCounters = (clock: Clock, maxKeys = MAX_KEYS): LocalCounters => {
  const counters = new Map<string, { value: number; readonly expires: number }>()
  return {
    increment: (key, by, windowMs) => {
      const now = clock.now()
      const known = counters.get(key)
      const counter = known !== undefined && known.expires > now ? known : { value: 0, expires: now + windowMs }
      counter.value += by
      counters.delete(key)
      counters.set(key, counter)
      if (counters.size > maxKeys) {
        const [oldest] = counters.keys()
        if (oldest !== undefined) counters.delete(oldest)
      }
      return { value: counter.value, resetMs: counter.expires - now }
    }
  }
}
