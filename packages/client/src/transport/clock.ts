/** What the client needs from time and chance; tests replace it. */
export interface Timing {
  /** Milliseconds since the epoch. */
  now(): number
  /** Resolves after `ms`, rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** Uniform in [0, 1), for jitter. */
  unit(): number
  /** A random UUID, for idempotency keys. */
  uuid(): string
}

export const systemTiming: Timing = {
  now: () => Date.now(),
  unit: () => Math.random(),
  uuid: () => globalThis.crypto.randomUUID(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const abort = () => {
        clearTimeout(timer)
        reject(signal?.reason)
      }
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', abort)
        resolve()
      }, ms)
      signal?.addEventListener('abort', abort, { once: true })
    })
}
