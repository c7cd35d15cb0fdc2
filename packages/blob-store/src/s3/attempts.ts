import type { BlobClock, BlobRandom } from '../ambient.ts'
import { InterruptedError, isTransient } from './errors.ts'

export interface RetryPolicy {
  readonly clock: BlobClock
  readonly random: BlobRandom
  readonly attempts: number
  readonly requestTimeoutMs: number
}

export interface Call {
  readonly signal?: AbortSignal | undefined
  /** Bytes that travel, in either direction: they add to the time a try may take. */
  readonly bytes?: number
}

export interface Attempt {
  /** 0 for the first. */
  readonly number: number
  /** Aborted by the caller's signal or by the try's own time limit. */
  readonly signal: AbortSignal
}

const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 5000
const SLOWEST_BYTES_PER_MS = 262

/**
 * Tries until it works, fails for good, or the tries are used up; then the last error is thrown. Pauses
 * have full jitter, so that clients thrown back together do not return together. Throws the caller's
 * reason when its signal aborts.
 */
export const withAttempts = async <T>(
  policy: RetryPolicy,
  call: Call,
  work: (attempt: Attempt) => Promise<T>
): Promise<T> => {
  for (let number = 0; ; number += 1) {
    call.signal?.throwIfAborted()
    try {
      return await limited(policy, call, (signal) => work({ number, signal }))
    } catch (error) {
      if (call.signal?.aborted === true) throw call.signal.reason
      if (number + 1 >= policy.attempts || !isTransient(error)) throw error
    }
    const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** number)
    await policy.clock.sleep(policy.random.unit() * longest, call.signal)
  }
}

const limited = async <T>(policy: RetryPolicy, call: Call, work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
  const limitMs = policy.requestTimeoutMs + (call.bytes ?? 0) / SLOWEST_BYTES_PER_MS
  const controller = new AbortController()
  const timer = setTimeout(
    () => controller.abort(new InterruptedError(`no answer in ${Math.round(limitMs)} ms`)),
    limitMs
  )
  const pass = () => controller.abort(call.signal?.reason)
  call.signal?.addEventListener('abort', pass, { once: true })
  try {
    return await work(controller.signal)
  } finally {
    clearTimeout(timer)
    call.signal?.removeEventListener('abort', pass)
  }
}
