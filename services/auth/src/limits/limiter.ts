import { createHash } from 'node:crypto'
import type { Cache } from '@cairn/cache'
import type { Clock, Logger } from '@cairn/runtime'
import { rateLimited } from '../errors.ts'
import { createLocalCounters } from './local-counters.ts'
import type { Limit } from './policy.ts'

/** One thing to count: a limit and whom it counts. */
export interface Hit {
  readonly limit: Limit
  readonly subject: string
}

export type Admission =
  | { readonly ok: true; refund(): Promise<void> }
  /** `first`: the first refusal in its window, worth an audit event. */
  | { readonly ok: false; readonly limit: Limit; readonly waitMs: number; readonly first: boolean }

export interface Limiter {
  /**
   * Counts the hits in order and stops at the first limit that is exceeded. Counted before the attempt,
   * so that parallel attempts cannot pass together; `refund` takes back a successful one.
   */
  admit(hits: readonly Hit[]): Promise<Admission>
  /** As admit, but throws `rate_limited`. */
  require(hits: readonly Hit[]): Promise<void>
}

export interface LimiterOptions {
  readonly cache: Cache
  readonly clock: Clock
  readonly logger: Logger
  readonly onLimited: (limit: Limit) => void
}

const LOCAL_SHARE = 4
const LOCAL_MINIMUM = 3

export const createLimiter = ({ cache, clock, logger, onLimited }: LimiterOptions): Limiter => {
  const local = createLocalCounters(clock)

  const count = async ({ limit, subject }: Hit, by: number) => {
    const key = keyOf(limit, subject)
    try {
      return { ...(await cache.increment(key, by, limit.windowMs)), max: limit.max }
    } catch (error) {
      logger.warn({ err: error, limit: limit.name }, 'shared counters cannot be reached; counting locally')
      return { ...local.increment(key, by, limit.windowMs), max: localMaximum(limit) }
    }
  }

  const admit = async (hits: readonly Hit[]): Promise<Admission> => {
    for (const hit of hits) {
      const { value, resetMs, max } = await count(hit, 1)
      if (value > max) {
        onLimited(hit.limit)
        return { ok: false, limit: hit.limit, waitMs: resetMs, first: value === max + 1 }
      }
    }
    return {
      ok: true,
      refund: async () => {
        for (const hit of hits) await count(hit, -1)
      }
    }
  }

  return {
    admit,
    require: async (hits) => {
      const admission = await admit(hits)
      if (!admission.ok) throw rateLimited(admission.waitMs)
    }
  }
}

/** Strict: there may be several processes that cannot see each other's counts. */
const localMaximum = (limit: Limit): number => Math.max(LOCAL_MINIMUM, Math.floor(limit.max / LOCAL_SHARE))

/** Hashed: subjects may be what somebody typed, of any length. */
const keyOf = (limit: Limit, subject: string): string =>
  `auth.limit.${limit.name}.${createHash('sha256').update(subject).digest('base64url').slice(0, 22)}`
