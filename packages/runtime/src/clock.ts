import { setTimeout as delay } from 'node:timers/promises'

/** Time as core code sees it; simulation replaces it. */
export interface Clock {
  /** Milliseconds since the epoch. Labels and leases only; never ordering. */
  now(): number
  /** Resolves after `ms`, rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export const createSystemClock = (): Clock => ({
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    signal?.throwIfAborted()
    try {
      await delay(ms, undefined, signal === undefined ? {} : { signal })
    } catch (error) {
      // timers/promises rejects with its own AbortError; callers were promised the signal's reason.
      throw signal?.aborted === true ? signal.reason : error
    }
  }
})
