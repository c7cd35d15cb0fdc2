import { ApiError, NetworkError } from '../errors.ts'
import type { Timing } from './clock.ts'

export interface RetryPolicy {
  /** Tries in all, the first one included. */
  readonly attempts: number
  /** No further try starts later than this after the first one, in ms. */
  readonly deadlineMs: number
  /** First pause; doubles with every try. */
  readonly baseMs: number
  /** Longest pause. */
  readonly capMs: number
}

export const DEFAULT_RETRY: RetryPolicy = { attempts: 5, deadlineMs: 60_000, baseMs: 200, capMs: 10_000 }

const RETRIED_STATUS = new Set([408, 423, 425, 429, 502, 503, 504])

/** Whether the same request may succeed later. */
export const isTransient = (error: unknown): boolean =>
  error instanceof NetworkError || (error instanceof ApiError && RETRIED_STATUS.has(error.status))

export interface RetryContext {
  readonly policy: RetryPolicy
  readonly timing: Timing
  readonly signal: AbortSignal | undefined
  /** Told before each pause. */
  readonly onRetry?: ((event: RetryEvent) => void) | undefined
}

export interface RetryEvent {
  readonly attempt: number
  readonly waitMs: number
  readonly error: unknown
}

/** Runs `attempt` until it succeeds, fails for good, or the policy is used up (the last error is thrown). */
export async function withRetry<T>(context: RetryContext, attempt: () => Promise<T>): Promise<T> {
  const { policy, timing, signal } = context
  const started = timing.now()
  for (let tries = 1; ; tries++) {
    try {
      return await attempt()
    } catch (error) {
      if (signal?.aborted || !isTransient(error) || tries >= policy.attempts) throw error
      const waitMs = pause(context, tries, error)
      if (timing.now() - started + waitMs > policy.deadlineMs) throw error
      context.onRetry?.({ attempt: tries, waitMs, error })
      await timing.sleep(waitMs, signal)
    }
  }
}

// Full jitter, but never earlier than the server asked for.
function pause({ policy, timing }: RetryContext, tries: number, error: unknown): number {
  const ceiling = Math.min(policy.capMs, policy.baseMs * 2 ** Math.min(tries - 1, 20))
  const jittered = timing.unit() * ceiling
  const asked = error instanceof ApiError ? (error.retryAfter ?? 0) * 1000 : 0
  return asked > 0 ? asked + jittered / 2 : jittered
}
