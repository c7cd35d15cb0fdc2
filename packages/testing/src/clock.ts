import type { Clock } from '@cairn/runtime'

/** A clock that moves only when told to. */
export interface ManualClock extends Clock {
  /** Moves time forward, waking sleepers in order; each may run and sleep again before the next. */
  advance(ms: number): Promise<void>
  /** Sleepers waiting now. */
  readonly sleeping: number
}

interface Sleeper {
  readonly due: number
  readonly wake: () => void
}

export const createManualClock = (start = Date.UTC(2026, 0, 1)): ManualClock => {
  let now = start
  let sleepers: Sleeper[] = []

  const remove = (sleeper: Sleeper) => {
    sleepers = sleepers.filter((other) => other !== sleeper)
  }

  const nextDue = (until: number): Sleeper | undefined =>
    sleepers.filter((sleeper) => sleeper.due <= until).sort((a, b) => a.due - b.due)[0]

  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) {
          reject(signal.reason)
          return
        }
        const abort = () => {
          remove(sleeper)
          reject(signal?.reason)
        }
        const sleeper: Sleeper = {
          due: now + Math.max(0, ms),
          wake: () => {
            remove(sleeper)
            signal?.removeEventListener('abort', abort)
            resolve()
          }
        }
        signal?.addEventListener('abort', abort, { once: true })
        sleepers.push(sleeper)
      }),
    advance: async (ms) => {
      const until = now + ms
      await settle()
      for (let sleeper = nextDue(until); sleeper !== undefined; sleeper = nextDue(until)) {
        now = Math.max(now, sleeper.due)
        sleeper.wake()
        await settle()
      }
      now = until
    },
    get sleeping() {
      return sleepers.length
    }
  }
}

/** Lets promise chains that are ready run to their next real wait. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
