import { setTimeout as sleep } from 'node:timers/promises'

export interface WaitForOptions {
  /** Milliseconds; default 10000. */
  readonly timeout?: number
  /** Milliseconds between looks; default 5, growing to 50. */
  readonly interval?: number
  /** Said in the error when the condition never held. */
  readonly message?: string
}

/** Resolves with the condition's first truthy value; rejects after the timeout. Real time. */
export const waitFor = async <T>(
  condition: () => T | Promise<T>,
  options: WaitForOptions = {}
): Promise<Exclude<T, false | null | undefined | 0 | ''>> => {
  const timeout = options.timeout ?? 10_000
  const deadline = performance.now() + timeout
  let pause = options.interval ?? 5
  while (true) {
    const value = await condition()
    if (value) return value as Exclude<T, false | null | undefined | 0 | ''>
    if (performance.now() > deadline) {
      throw new Error(
        `${options.message ?? `condition ${condition.toString().slice(0, 120)}`} not met in ${timeout} ms`
      )
    }
    await sleep(pause)
    pause = Math.min(50, pause * 1.5)
  }
}
