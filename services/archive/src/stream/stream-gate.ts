import { CairnError } from '@cairn/contracts'

/** Bounds how many archives are being sent. */
export interface StreamGate {
  /** Throws `rate_limited` for a user with too many, `unavailable` for a process with too many. */
  enter(userId: string): Disposable
}

const OF_USER = 4
const OF_PROCESS = 32
const RETRY_SECONDS = 10

export const createStreamGate = (): StreamGate => {
  const streams = new Map<string, number>()
  let total = 0
  return {
    enter: (userId) => {
      const own = streams.get(userId) ?? 0
      if (own >= OF_USER) {
        throw new CairnError('rate_limited', `At most ${OF_USER} archives at once.`, { retryAfter: RETRY_SECONDS })
      }
      if (total >= OF_PROCESS) {
        throw new CairnError('unavailable', 'Too many archives are being sent.', { retryAfter: RETRY_SECONDS })
      }
      streams.set(userId, own + 1)
      total += 1
      return {
        [Symbol.dispose]: () => {
          const left = (streams.get(userId) ?? 1) - 1
          if (left === 0) streams.delete(userId)
          else streams.set(userId, left)
          total -= 1
        }
      }
    }
  }
}
