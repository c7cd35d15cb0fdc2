/** Lets at most `limit` holders in; the others wait in order. */
export interface Gate {
  /** Resolves with the function that gives the place back. Rejects when aborted while waiting. */
  enter(signal: AbortSignal): Promise<() => void>
}

export const createGate = (limit: number): Gate => {
  let free = limit
  const waiting = new Set<() => void>()

  const leaveOnce = (): (() => void) => {
    let left = false
    return () => {
      if (left) return
      left = true
      const [next] = waiting
      if (next === undefined) free += 1
      else {
        waiting.delete(next)
        next()
      }
    }
  }

  return {
    enter: async (signal) => {
      signal.throwIfAborted()
      if (free > 0) {
        free -= 1
        return leaveOnce()
      }
      await new Promise<void>((resolve, reject) => {
        const admit = () => {
          signal.removeEventListener('abort', giveUp)
          resolve()
        }
        const giveUp = () => {
          waiting.delete(admit)
          reject(signal.reason as Error)
        }
        waiting.add(admit)
        signal.addEventListener('abort', giveUp, { once: true })
      })
      return leaveOnce()
    }
  }
}
