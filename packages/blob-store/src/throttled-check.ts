import type { BlobClock } from './ambient.ts'

interface ThrottleOptions {
  readonly clock: BlobClock
  /** How long a success counts, in milliseconds. Failures are never remembered. */
  readonly keepMs: number
}

export type ThrottledCheck = (signal?: AbortSignal) => Promise<void>

/**
 * Readiness is asked often; the store is asked rarely. Calls at the same time share one look, which goes
 * on when the signal of one caller aborts.
 */
export const createThrottledCheck = (check: () => Promise<void>, options: ThrottleOptions): ThrottledCheck => {
  let goodAt = Number.NEGATIVE_INFINITY
  let running: Promise<void> | undefined

  const run = async (): Promise<void> => {
    try {
      await check()
      goodAt = options.clock.now()
    } finally {
      running = undefined
    }
  }

  return async (signal) => {
    signal?.throwIfAborted()
    const age = options.clock.now() - goodAt
    if (age >= 0 && age < options.keepMs) return
    running ??= run()
    await untilAborted(running, signal)
  }
}

const untilAborted = async (work: Promise<void>, signal: AbortSignal | undefined): Promise<void> => {
  if (signal === undefined) return await work
  const aborted = Promise.withResolvers<never>()
  const abort = () => aborted.reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  try {
    await Promise.race([work, aborted.promise])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
