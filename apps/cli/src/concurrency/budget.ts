/** Bounds what is in use at once, in any unit; first come, first served. */
export interface Budget {
  /**
   * Waits until `amount` is free, and takes it. More than the whole is granted when nothing else is
   * in use. Call the result once to give it back.
   */
  take(amount: number, signal: AbortSignal): Promise<() => void>
}

interface Waiter {
  readonly amount: number
  grant(): void
}

export function createBudget(total: number): Budget {
  let used = 0
  const waiting: Waiter[] = []

  const fits = (amount: number) => used === 0 || used + amount <= total
  const serve = () => {
    for (let next = waiting[0]; next !== undefined && fits(next.amount); next = waiting[0]) {
      waiting.shift()
      used += next.amount
      next.grant()
    }
  }
  const releaser = (amount: number) => () => {
    used -= amount
    serve()
  }

  return {
    take: async (amount, signal) => {
      signal.throwIfAborted()
      if (waiting.length === 0 && fits(amount)) {
        used += amount
        return releaser(amount)
      }
      await new Promise<void>((resolve, reject) => {
        const abort = () => {
          waiting.splice(waiting.indexOf(waiter), 1)
          reject(signal.reason)
          serve()
        }
        const waiter: Waiter = {
          amount,
          grant: () => {
            signal.removeEventListener('abort', abort)
            resolve()
          }
        }
        waiting.push(waiter)
        signal.addEventListener('abort', abort, { once: true })
      })
      return releaser(amount)
    }
  }
}
