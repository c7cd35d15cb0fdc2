import type { BlobClock } from './ambient.ts'

interface ThrottleOptions {
  readonly clock: BlobClock
  /** How long a success counts, in milliseconds. Failures are never remembered. */
  readonly keepMs: number
}

/** Readiness is asked often; the store is asked rarely. Calls at the same time share one look. */
export const createThrottledCheck = (check: () => Promise<void>, options: ThrottleOptions): (() => Promise<void>) => {
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

  return async () => {
    const age = options.clock.now() - goodAt
    if (age >= 0 && age < options.keepMs) return
    running ??= run()
    await running
  }
}
