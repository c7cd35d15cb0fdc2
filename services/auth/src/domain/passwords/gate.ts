import { overloaded } from '../../errors.ts'

/** Lets a few run at once and a bounded number wait. */
export type Gate = <T>(work: () => Promise<T>) => Promise<T>

export interface GateOptions {
  readonly concurrency: number
  readonly maxWaiting: number
}

/** First come, first served. Throws `unavailable` when too many wait already. */
export const createGate = ({ concurrency, maxWaiting }: GateOptions): Gate => {
  const waiting: (() => void)[] = []
  let running = 0

  const enter = async (): Promise<void> => {
    if (running < concurrency) {
      running += 1
      return
    }
    if (waiting.length >= maxWaiting) throw overloaded()
    // Whoever leaves hands its place over: `running` stays as it is.
    await new Promise<void>((resolve) => waiting.push(resolve))
  }

  const leave = (): void => {
    const next = waiting.shift()
    if (next === undefined) running -= 1
    else next()
  }

  return async (work) => {
    await enter()
    try {
      return await work()
    } finally {
      leave()
    }
  }
}
