import type { Clock } from '@cairn/runtime'

/** Lets one loop sleep until somebody has work for it. */
export interface Wakeup {
  /** Ends the current wait, or the next one when nobody is waiting. */
  notify(): void
  /** Resolves after `ms` milliseconds, on notify, or when the signal aborts; never rejects. */
  wait(ms: number, signal: AbortSignal): Promise<void>
}

export const createWakeup = (clock: Clock): Wakeup => {
  let pending = false
  let waiting: AbortController | undefined

  return {
    notify: () => {
      pending = true
      waiting?.abort()
    },
    wait: async (ms, signal) => {
      if (!pending && !signal.aborted) {
        const controller = new AbortController()
        const end = () => controller.abort()
        waiting = controller
        // Not AbortSignal.any: the signal lives as long as the process and would collect one entry per wait.
        signal.addEventListener('abort', end, { once: true })
        await clock.sleep(ms, controller.signal).catch(() => {})
        signal.removeEventListener('abort', end)
        waiting = undefined
      }
      pending = false
    }
  }
}
